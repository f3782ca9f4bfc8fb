package dev.espalier.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the compiler does not check about the source tree. */
class SourceTreeTest {
  private static final int LONGEST_FILE = 300;

  @Test
  void shouldHoldNoSourceFileOverTheLimit() throws IOException {
    List<String> tooLong =
        sources()
            .filter(file -> lines(file) > LONGEST_FILE)
            .map(file -> file + ": " + lines(file))
            .toList();
    assertThat(tooLong).isEmpty();
  }

  @Test
  void shouldExplainEveryPackage() throws IOException {
    List<Path> unexplained =
        sources()
            .filter(file -> file.startsWith("src/main/java"))
            .map(Path::getParent)
            .distinct()
            .filter(folder -> !folder.endsWith("espalier"))
            .filter(folder -> Files.notExists(folder.resolve("package-info.java")))
            .toList();
    assertThat(unexplained).isEmpty();
  }

  private static Stream<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    }
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
