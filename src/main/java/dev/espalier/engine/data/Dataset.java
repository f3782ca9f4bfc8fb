package dev.espalier.engine.data;

import dev.espalier.contract.JobSpec.Preprocess;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Labelled samples of a {@code .npz} archive, in memory as they are stored. */
public final class Dataset implements BatchSource {
  private static final String LABELS = "y";
  private static final String ONLY_INPUT = "x";

  private final Map<String, Feature> features;
  private final int[] classes;

  private Dataset(Map<String, Feature> features, int... classes) {
    this.features = features;
    this.classes = classes;
  }

  /**
   * Reads the samples for a model: the array {@code x} when it has one input, else one array per
   * input by name, and the labels {@code y}.
   *
   * @param preprocess applied to real-valued inputs, or null for none
   * @throws Refusal with a {@code data-…} code, {@code labels-invalid}, {@code does-not-fit} or
   *     {@code archive-bomb}
   */
  public static Dataset read(
      Path file, Graph graph, @Nullable Preprocess preprocess, DataLimits limits)
      throws IOException {
    List<String> names = new ArrayList<>();
    for (ValueInfo input : graph.inputs()) {
      names.add(graph.inputs().size() == 1 ? ONLY_INPUT : input.name());
    }
    names.add(LABELS);
    return of(graph, new NpzReader(limits).read(file, names), preprocess);
  }

  /** A data set from arrays, by the names {@link #read} looks for. */
  static Dataset of(Graph graph, Map<String, Tensor> arrays, @Nullable Preprocess preprocess) {
    int[] classes = Labels.of(arrays.get(LABELS));
    if (classes.length == 0) {
      throw new Refusal(ReasonCode.DATA_TOO_FEW, "the data have no sample");
    }
    Map<String, Feature> features = new LinkedHashMap<>();
    for (ValueInfo input : graph.inputs()) {
      Tensor array = arrays.get(graph.inputs().size() == 1 ? ONLY_INPUT : input.name());
      features.put(input.name(), Feature.of(input, array, preprocess));
      if (array.dimension(0) != classes.length) {
        throw new Refusal(
            ReasonCode.DATA_MISMATCH,
            "the data have %d rows for input '%s' and %d labels"
                .formatted(array.dimension(0), input.name(), classes.length));
      }
    }
    return new Dataset(features, classes);
  }

  @Override
  public Task task() {
    return Task.CLASSIFICATION;
  }

  @Override
  public int samples() {
    return classes.length;
  }

  /** Class index of a sample. */
  public int label(int sample) {
    return classes[sample];
  }

  /**
   * Checks that every label is one of a model's classes.
   *
   * @param count number of classes of the model
   * @throws Refusal {@code labels-invalid}
   */
  public void requireClassesBelow(int count) {
    Labels.requireBelow(count, classes);
  }

  @Override
  public Batch batch(int... indices) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    features.forEach((name, feature) -> inputs.put(name, feature.gather(indices)));
    Tensor labels = Tensor.zeros(DataType.INT64, indices.length);
    for (int i = 0; i < indices.length; i++) {
      labels.longs().put(i, classes[indices[i]]);
    }
    return new Batch(inputs, labels);
  }
}
