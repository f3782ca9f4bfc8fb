package dev.espalier.worker.job;

import dev.espalier.contract.ByProduct;
import dev.espalier.contract.FileCopy;
import dev.espalier.contract.JobId;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelFormat;
import dev.espalier.contract.ModelResult;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import dev.espalier.worker.storage.S3Uri;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pushes what an attempt produced, under keys of this attempt alone: they are never written again.
 * Only files whose names are known here leave this machine, and never through a link.
 */
@Singleton
class Artifacts {
  private final ObjectStore store;
  private final ObjectKeys keys;

  Artifacts(ObjectStore store, ObjectKeys keys) {
    this.store = store;
    this.keys = keys;
  }

  /** Where things are now; what was not produced is absent. */
  record Pushed(
      @Nullable S3Uri model,
      @Nullable S3Uri archive,
      @Nullable S3Uri onnx,
      Map<ByProduct, S3Uri> byProducts) {}

  /**
   * Pushes model, its copies and by-products.
   *
   * @param output what the engine says it wrote; null when it accepted nothing
   */
  Pushed push(JobId job, int attempt, Path workDirectory, ModelResult.@Nullable Output output)
      throws IOException {
    Path directory = workDirectory.resolve(JobSpec.OUTPUT);
    S3Uri model =
        output == null ? null : pushed(job, attempt, directory, modelFile(output.format()));
    S3Uri onnx =
        output == null || output.onnx() == null
            ? null
            : pushed(job, attempt, directory, FileCopy.ONNX);
    S3Uri archive =
        output == null || output.archive() == null
            ? null
            : pushed(job, attempt, directory, FileCopy.ARCHIVE);
    Map<ByProduct, S3Uri> byProducts = new EnumMap<>(ByProduct.class);
    for (ByProduct byProduct : ByProduct.values()) {
      S3Uri pushed = pushed(job, attempt, directory, byProduct.file());
      if (pushed != null) {
        byProducts.put(byProduct, pushed);
      }
    }
    return new Pushed(model, archive, onnx, byProducts);
  }

  private static String modelFile(ModelFormat format) {
    return "model." + format.extension();
  }

  private @Nullable S3Uri pushed(JobId job, int attempt, Path directory, String name)
      throws IOException {
    Path file = directory.resolve(name);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    S3Uri target = keys.artifact(job, attempt, name);
    store.upload(file, target);
    return target;
  }
}
