package dev.espalier.engine.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OperatorsDocumentTest {
  private static final Pattern CODE = Pattern.compile("`(\\w+)`");

  /** The second column of the document's table names the operators. */
  @Test
  void shouldListExactlyTheTrainableOperatorsWhenDocumented() throws IOException {
    Set<String> documented =
        Files.readAllLines(Path.of("docs/operators.md")).stream()
            .filter(line -> line.startsWith("| "))
            .map(line -> line.split("\\|")[2])
            .flatMap(cell -> CODE.matcher(cell).results().map(MatchResult.class::cast))
            .map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(documented).isEqualTo(Operators.names());
  }
}
