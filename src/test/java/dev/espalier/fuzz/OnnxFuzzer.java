package dev.espalier.fuzz;

import dev.espalier.contract.ModelFormat;
import java.io.IOException;

/** ONNX files. */
public final class OnnxFuzzer {
  private OnnxFuzzer() {}

  /** Called by Jazzer: loading classes counts towards no input's time. */
  public static void fuzzerInitialize() throws IOException {
    Memory.warmUp();
    fuzzerTestOneInput(new byte[0]);
  }

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
