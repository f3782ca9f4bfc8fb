package dev.espalier.engine.surgery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FiltersDocumentTest {
  private static final Pattern CODE = Pattern.compile("`(\\w+)`");

  /** The second column of the document's first table names the operators. */
  @Test
  void shouldListExactlyTheOperatorsThatChannelsPassWhenDocumented() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("docs/filters.md"));
    Set<String> documented =
        lines
            .subList(
                lines.indexOf("## Operators that channels pass"), lines.indexOf("## What stays"))
            .stream()
            .filter(line -> line.startsWith("| "))
            .map(line -> line.split("\\|")[2])
            .flatMap(cell -> CODE.matcher(cell).results().map(MatchResult.class::cast))
            .map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(documented).isEqualTo(Rules.names());
  }
}
