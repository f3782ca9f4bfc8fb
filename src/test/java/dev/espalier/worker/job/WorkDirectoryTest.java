package dev.espalier.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.worker.config.TestConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {
  @TempDir private Path root;

  private WorkDirectory directory() {
    return new WorkDirectory(TestConfig.with("espalier.work-directory", root.toString()));
  }

  @Test
  void shouldDeleteWhatKilledWorkerLeftAndNothingElse() throws IOException {
    Path left = directory().open(Jobs.job().id()).root();
    Files.createDirectories(left.resolve("attempt-1/output"));
    Files.writeString(left.resolve("attempt-1/output/model.onnx"), "x");
    Path foreign = Files.writeString(root.resolve("notes.txt"), "x");
    directory().claim();
    assertThat(left).doesNotExist();
    assertThat(foreign).exists();
  }

  @Test
  void shouldRefuseStartWhenAnotherWorkerUsesDirectory() throws IOException {
    directory().claim();
    assertThatThrownBy(() -> directory().claim())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("espalier.work-directory");
  }

  @Test
  void shouldLeaveNothingWhenWorkspaceIsClosed() throws IOException {
    Path used;
    try (Workspace workspace = directory().open(Jobs.job().id())) {
      used = workspace.root();
      Path outside = Files.writeString(root.resolve("outside"), "x");
      Files.createSymbolicLink(workspace.directory("inputs").resolve("link"), outside);
    }
    assertThat(used).doesNotExist();
    assertThat(root.resolve("outside")).exists();
  }
}
