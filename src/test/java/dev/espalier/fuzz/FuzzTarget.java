package dev.espalier.fuzz;

/** What is fuzzed. */
enum FuzzTarget {
  ONNX(OnnxFuzzer.class.getName()),
  DL4J(Dl4jFuzzer.class.getName()),
  KERAS_H5(KerasH5Fuzzer.class.getName()),
  KERAS_ARCHIVE(KerasArchiveFuzzer.class.getName()),
  NPZ(NpzFuzzer.class.getName()),
  POLICY(PolicyFuzzer.class.getName()),
  EVENT("dev.espalier.worker.intake.EventFuzzer");

  private final String main;

  FuzzTarget(String main) {
    this.main = main;
  }

  /** The class that Jazzer calls. */
  String main() {
    return main;
  }
}
