package dev.espalier.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Data sets several times larger than all memory their reader may take, in a process of its own.
 */
class LargeDatasetIT {
  private static final int ROWS = 60_000;
  private static final long BYTES = 4L * ROWS * LargeDataset.WIDTH;
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true"})
  void shouldReadRandomBatchesInLittleMemory(boolean deflated, boolean columnMajor)
      throws IOException, InterruptedException {
    Path file = directory.resolve("large.npz");
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    LargeDataset.write(file, ROWS, deflated, columnMajor);

    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx32m",
                    "-XX:MaxDirectMemorySize=" + (columnMajor ? "80m" : "24m"),
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    LargeDataset.class.getName(),
                    file.toString(),
                    scratch.toString(),
                    "200"))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    Matcher peak = PEAK.matcher(output);
    assertThat(peak.find()).isTrue();
    assertThat(1024 * Long.parseLong(peak.group(1))).isLessThan(BYTES * 4 / 5);
    assertThat(output).contains("files 0");
    assertThat(scratch).isEmptyDirectory();
  }
}
