package dev.espalier.fuzz;

import dev.espalier.contract.ModelFormat;
import java.io.IOException;

/** {@code .keras} archives. */
public final class KerasArchiveFuzzer {
  private KerasArchiveFuzzer() {}

  /** Called by Jazzer: loading classes counts towards no input's time. */
  public static void fuzzerInitialize() throws IOException {
    Memory.warmUp();
    fuzzerTestOneInput(new byte[0]);
  }

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Memory.executing();
    ModelReading.of(
        Parts.zip(input, "config.json", "metadata.json", "model.weights.h5"), ModelFormat.KERAS_V3);
  }

  /** Called by Jazzer. */
  public static void fuzzerTearDown() {
    Memory.report();
  }
}
