package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineFaultTest {
  @TempDir private Path directory;

  @Test
  void shouldBlameTheMachineWhenItsDiskIsFullInTheMiddleOfAJob() throws IOException {
    JobSpec spec =
        Workbench.trained(directory).prune(Workbench.policy(0.5, 2, 0, 0.5, 0), "full-disk");
    Path checkpoints = Files.createDirectories(spec.workDirectory().resolve(JobSpec.CHECKPOINTS));
    Files.createSymbolicLink(checkpoints.resolve("1.partial"), Path.of("/dev/full"));

    EngineOutcome outcome;
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    try (Monitor monitor = new Monitor(nowhere)) {
      outcome = EngineMain.run(spec, monitor);
    }

    assertThat(outcome)
        .isInstanceOfSatisfying(
            EngineOutcome.Hindered.class,
            hindered -> assertThat(hindered.reason().message()).contains("No space left"));
  }

  @Test
  void shouldFindTheFaultWhereItIsTheCauseOfAnother() {
    IOException disk = new IOException("/scratch/x: Read-only file system");

    assertThat(MachineFault.isCauseOf(new IllegalStateException(new UncheckedIOException(disk))))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "layer 'No space left on device' is unknown",
        "No space left on device, said the model",
        "unexpected end of file"
      })
  void shouldNotBeToldByAFileThatTheDiskIsFull(String message) {
    assertThat(MachineFault.isCauseOf(new IOException(message))).isFalse();
    assertThat(MachineFault.isCauseOf(new IllegalStateException("No space left on device")))
        .isFalse();
  }
}
