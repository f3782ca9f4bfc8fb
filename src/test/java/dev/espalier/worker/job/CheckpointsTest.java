package dev.espalier.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.JobId;
import dev.espalier.contract.Sha256;
import dev.espalier.worker.config.TestConfig;
import dev.espalier.worker.storage.InMemoryObjectStore;
import dev.espalier.worker.storage.Keys;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {
  private static final JobId JOB = JobId.of("/training", "event-1");

  @TempDir private Path directory;
  private final ObjectStore store = new InMemoryObjectStore();
  private final ObjectKeys keys = Keys.in("espalier");
  private final Checkpoints checkpoints = new Checkpoints(store, keys, TestConfig.with());

  @Test
  void shouldRestoreTheNewestWhenItIsWhole() throws IOException {
    keep(2, checkpoint("second"));
    keep(10, checkpoint("tenth"));

    checkpoints.restore(JOB, directory, false);

    assertThat(checkpoints.newest(JOB)).contains(10);
    assertThat(restored()).containsExactly("10.checkpoint");
    assertThat(directory.resolve("checkpoints/10.checkpoint"))
        .hasBinaryContent(checkpoint("tenth"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 20, 36})
  void shouldFallBackToTheOneBeforeWhenTheNewestIsDamaged(int bytesLeft) throws IOException {
    keep(1, checkpoint("first"));
    keep(2, checkpoint("second"));
    keep(3, Arrays.copyOf(checkpoint("third"), bytesLeft));

    checkpoints.restore(JOB, directory, false);

    assertThat(restored()).containsExactly("2.checkpoint");
  }

  @Test
  void shouldRestoreNothingWhenNoneIsWhole() throws IOException {
    keep(1, new byte[100]);

    checkpoints.restore(JOB, directory, false);

    assertThat(restored()).isEmpty();
  }

  private void keep(int step, byte[] content) throws IOException {
    checkpoints.keep(JOB, step, Files.write(directory.resolve("kept"), content));
  }

  private String[] restored() {
    return directory.resolve("checkpoints").toFile().list();
  }

  private static byte[] checkpoint(String content) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(content.getBytes());
    file.writeBytes(HexFormat.of().parseHex(Sha256.of(content.getBytes()).hex()));
    return file.toByteArray();
  }
}
