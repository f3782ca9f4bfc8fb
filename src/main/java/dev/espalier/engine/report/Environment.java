package dev.espalier.engine.report;

import dev.espalier.contract.BuildVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What computed a result, and what it took. */
public final class Environment {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";
  private static final long KIBIBYTE = 1024;

  private Environment() {}

  /** Version of the engine, as the build wrote it. */
  public static String version() {
    return BuildVersion.current();
  }

  /** Peak resident memory of this process in bytes, as Linux counts it; 0 where it does not say. */
  public static long peakMemory() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return 0;
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(PEAK))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * KIBIBYTE)
        .findFirst()
        .orElse(0);
  }
}
