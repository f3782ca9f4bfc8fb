package dev.espalier.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The files that {@code prune} and {@code plan} work on. */
final class DataFiles {
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

  @Option(
      names = "--train",
      paramLabel = "FILE.npz",
      converter = ExistingFile.class,
      order = 2,
      description = "Training data for recovery; without it there is no recovery.")
  private @Nullable Path training;

  Path model() {
    return model;
  }

  Path data() {
    return data;
  }

  @Nullable Path training() {
    return training;
  }
}
