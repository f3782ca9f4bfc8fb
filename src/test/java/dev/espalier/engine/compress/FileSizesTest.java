package dev.espalier.engine.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSizesTest {
  @Test
  void shouldMeasureWhatTheCompressorsGive(@TempDir Path directory) throws IOException {
    byte[] content = new byte[300_000];
    new Random(1).nextBytes(content);
    Arrays.fill(content, 50_000, 250_000, (byte) 0);
    Path file = Files.write(directory.resolve("f"), content);
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(content);
    }

    FileSizes sizes = FileSizes.of(file);

    assertThat(sizes.raw()).isEqualTo(300_000);
    assertThat(sizes.gzip()).isEqualTo(gzip.size());
    assertThat(sizes.zstd()).isCloseTo(Zstd.compress(content, 3).length, within(32L));
  }
}
