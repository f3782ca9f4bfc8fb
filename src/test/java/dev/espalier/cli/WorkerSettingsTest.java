package dev.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerSettingsTest {
  @TempDir Path directory;

  @Test
  void shouldFindNoneWhereNothingNamesTheWorker() {
    assertThat(exist(Set.of("PATH", "ESPALIERS", "JAVA_HOME"), Set.of("java.version"))).isFalse();
  }

  @Test
  void shouldFindEveryWayToConfigureAWorker() throws IOException {
    assertThat(exist(Set.of("ESPALIER_STORE_ENDPOINT"), Set.of())).isTrue();
    assertThat(exist(Set.of(), Set.of("espalier.store.endpoint"))).isTrue();
    assertThat(exist(Set.of("SMALLRYE_CONFIG_LOCATIONS"), Set.of())).isTrue();
    Files.createDirectories(directory.resolve("config"));
    Files.writeString(directory.resolve("config/application.properties"), "");
    assertThat(exist(Set.of(), Set.of())).isTrue();
  }

  @Test
  void shouldPointToTheUsageWhenThereIsNoSuchCommand() {
    StringWriter errors = new StringWriter();
    int code = CommandTree.commandLine().setErr(new PrintWriter(errors)).execute("prnue");

    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).contains("prnue").contains("--help");
  }

  private boolean exist(Set<String> variables, Set<String> properties) {
    return WorkerSettings.exist(variables, properties, directory);
  }
}
