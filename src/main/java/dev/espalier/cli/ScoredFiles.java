package dev.espalier.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** A model and the data it is scored on. */
final class ScoredFiles {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "FILE",
      converter = ExistingFile.class,
      order = 0,
      description =
          "Model file: Keras, ONNX or Deeplearning4j; the format is found from its content.")
  @SuppressWarnings("NullAway.Init")
  private Path model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE.npz",
      converter = ExistingFile.class,
      order = 1,
      description = "Validation data: arrays by input name ('x' when there is one), and 'y'.")
  @SuppressWarnings("NullAway.Init")
  private Path data;

  Path model() {
    return model;
  }

  Path data() {
    return data;
  }
}
