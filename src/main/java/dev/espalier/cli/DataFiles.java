package dev.espalier.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The files that {@code prune} and {@code plan} work on. */
final class DataFiles {
  @Mixin private ScoredFiles scored = new ScoredFiles();

  @Option(
      names = "--train",
      paramLabel = "FILE.npz",
      converter = ExistingFile.class,
      order = 2,
      description = "Training data for recovery; without it there is no recovery.")
  private @Nullable Path training;

  Path model() {
    return scored.model();
  }

  Path data() {
    return scored.data();
  }

  @Nullable Path training() {
    return training;
  }
}
