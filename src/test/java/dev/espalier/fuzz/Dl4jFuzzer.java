package dev.espalier.fuzz;

import dev.espalier.contract.ModelFormat;
import java.io.IOException;

/** Deeplearning4j archives. */
public final class Dl4jFuzzer {
  private Dl4jFuzzer() {}

  /** Called by Jazzer: loading classes counts towards no input's time. */
  public static void fuzzerInitialize() throws IOException {
    Memory.warmUp();
    fuzzerTestOneInput(new byte[0]);
  }

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Memory.executing();
    ModelReading.of(
        Parts.zip(
            input, "configuration.json", "coefficients.bin", "normalizer.bin", "updaterState.bin"),
        ModelFormat.DL4J);
  }

  /** Called by Jazzer. */
  public static void fuzzerTearDown() {
    Memory.report();
  }
}
