package dev.espalier.engine.data;

import dev.espalier.contract.JobSpec.Preprocess;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.metric.Head;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Samples with their targets, of a {@code .npz} archive: in memory as they are stored, or read from
 * the file batch by batch when they do not fit. Not thread-safe.
 */
public final class Dataset implements BatchSource, AutoCloseable {
  private static final String TARGETS = "y";
  private static final String ONLY_INPUT = "x";

  /** Batch sizes whose buffers are kept. */
  private static final int KEPT_SIZES = 8;

  /** Opens an array by name; the second argument says what it is for. */
  interface Arrays {
    Rows open(String name, String purpose) throws IOException;
  }

  private final Map<String, Feature> features;
  private final Targets targets;
  private final @Nullable NpzReader file;
  private final Map<Integer, Batch> batches = new HashMap<>();

  private Dataset(Map<String, Feature> features, Targets targets, @Nullable NpzReader file) {
    this.features = features;
    this.targets = targets;
    this.file = file;
  }

  /**
   * Opens the samples for a model: the array {@code x} when it has one input, else one array per
   * input by name, and the targets {@code y}. An only input may also be called by its own name.
   *
   * @param task what the targets mean, inferred from them and the model when null
   * @param preprocess applied to real-valued inputs, or null for none
   * @throws Refusal with a {@code data-…} code, {@code labels-invalid}, {@code does-not-fit} or
   *     {@code archive-bomb}
   */
  public static Dataset read(
      Path file,
      Graph graph,
      @Nullable Task task,
      @Nullable Preprocess preprocess,
      DataLimits limits)
      throws IOException {
    NpzReader archive = NpzReader.open(file, limits);
    try {
      boolean byName = graph.inputs().size() > 1 || !archive.has(ONLY_INPUT);
      return of(graph, byName, archive::rows, task, preprocess, archive);
    } catch (IOException | RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  private static Dataset of(
      Graph graph,
      boolean byName,
      Arrays arrays,
      @Nullable Task task,
      @Nullable Preprocess preprocess,
      @Nullable NpzReader file)
      throws IOException {
    Rows y = arrays.open(TARGETS, "of targets (for an autoencoder, save the inputs as 'y' too)");
    if (y.count() == 0) {
      throw new Refusal(ReasonCode.DATA_TOO_FEW, "the data have no sample");
    }
    Targets targets = Targets.of(y, task, Head.of(graph));
    Map<String, Feature> features = new LinkedHashMap<>();
    for (ValueInfo input : graph.inputs()) {
      if (byName && input.name().equals(TARGETS)) {
        throw new Refusal(
            ReasonCode.DATA_MISMATCH,
            "the model has an input 'y', which is the name of the targets; rename the input");
      }
      Rows array =
          arrays.open(byName ? input.name() : ONLY_INPUT, "for input '" + input.name() + "'");
      if (array.count() != y.count()) {
        throw new Refusal(
            ReasonCode.DATA_MISMATCH,
            "the data have %d rows for input '%s' and %d targets"
                .formatted(array.count(), input.name(), y.count()));
      }
      features.put(input.name(), Feature.of(input, array, preprocess));
    }
    return new Dataset(features, targets, file);
  }

  /** A data set from arrays in memory, by the names {@link #read} looks for. */
  static Dataset of(
      Graph graph, Map<String, Rows> arrays, @Nullable Task task, @Nullable Preprocess preprocess) {
    try {
      return of(
          graph,
          graph.inputs().size() > 1,
          (name, purpose) -> {
            Rows rows = arrays.get(name);
            if (rows == null) {
              throw new IllegalArgumentException("no array '" + name + "' " + purpose);
            }
            return rows;
          },
          task,
          preprocess,
          null);
    } catch (IOException e) {
      throw new IllegalStateException("arrays in memory cannot fail to be read", e);
    }
  }

  @Override
  public Task task() {
    return targets.task();
  }

  @Override
  public int samples() {
    return targets.samples();
  }

  /** Class index of a sample; 0 where targets are not classes. */
  public int label(int sample) {
    return targets.label(sample);
  }

  /**
   * Checks that a model can say what the targets are.
   *
   * @param width numbers per sample that the model gives
   * @throws Refusal {@code labels-invalid} or {@code data-mismatch}
   */
  public void requireWidth(int width) {
    targets.requireWidth(width);
  }

  @Override
  public Batch batch(int... indices) {
    Batch batch = batches.get(indices.length);
    if (batch == null) {
      if (batches.size() == KEPT_SIZES) {
        batches.clear();
      }
      batch = allocate(indices.length);
      batches.put(indices.length, batch);
    }
    for (Map.Entry<String, Feature> feature : features.entrySet()) {
      feature.getValue().gather(batch.input(feature.getKey()), indices);
    }
    targets.gather(batch.targets(), indices);
    return batch;
  }

  private Batch allocate(int size) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    features.forEach((name, feature) -> inputs.put(name, feature.allocate(size)));
    return new Batch(inputs, targets.allocate(size));
  }

  /** Lets go of the file. */
  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
