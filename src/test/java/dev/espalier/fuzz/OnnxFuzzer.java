package dev.espalier.fuzz;

import dev.espalier.contract.ModelFormat;
import java.io.IOException;

/** ONNX files. */
public final class OnnxFuzzer {
  private OnnxFuzzer() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Memory.executing();
    ModelReading.of(input, ModelFormat.ONNX);
  }

  /** Called by Jazzer. */
  public static void fuzzerTearDown() {
    Memory.report();
  }
}
