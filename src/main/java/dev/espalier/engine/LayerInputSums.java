package dev.espalier.engine;

import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.calibration.Calibration;
import dev.espalier.engine.calibration.Uncalibrated;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.infer.OutputSums;
import dev.espalier.engine.score.Evidence;
import dev.espalier.engine.score.LayerInputs;
import java.nio.DoubleBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What flows into the layers, for the criteria that look at it.
 *
 * @param graph the model as it came
 * @param draw the samples
 * @param threads compute threads
 * @param monitor told of the work
 */
record LayerInputSums(Graph graph, SampleDraw draw, int threads, Monitor monitor) {
  /** Most samples per run: sums of squares keep no more than the layers' own values alive. */
  private static final int PER_RUN = 256;

  /** The same where windows are unrolled. */
  private static final int MOST_UNROLLED = 32;

  /** Unrolled elements that a run should not exceed, and how many come of one that is read. */
  private static final long ELEMENTS = 1L << 24;

  private static final long GROWTH = 144;

  /**
   * Requires that the inputs of all layers in scope can be told.
   *
   * @param name the criterion that needs them
   * @param tensors in scope
   * @throws Refusal {@code operator-unsupported} when those of one cannot
   */
  void require(Policy.Criterion name, Set<String> tensors) {
    Calibration calibration = new Calibration(graph);
    for (Parameter kernel : kernels(tensors)) {
      try {
        calibration.matrix(kernel);
      } catch (Uncalibrated e) {
        throw new Refusal(
            ReasonCode.OPERATOR_UNSUPPORTED,
            ("the criterion '%s' needs the inputs of layer '%s', which cannot be told: %s;"
                    + " exclude the layer or choose a criterion that needs none, such as lamp")
                .formatted(name.wire(), kernel.layer(), e.getMessage()),
            e);
      }
    }
  }

  private List<Parameter> kernels(Set<String> tensors) {
    return graph.prunable().stream().filter(p -> tensors.contains(p.tensor())).distinct().toList();
  }

  /**
   * The energies of the inputs of a version of the model.
   *
   * @param weights of that version, by tensor name
   * @param names of the tensors that are scored
   * @param step 1-based; another step draws other samples
   */
  Map<String, Evidence> energies(Map<String, Tensor> weights, Set<String> names, int step) {
    Calibration.Sums wanted = new Calibration(graph.with(weights)).energies(kernels(names));
    Map<String, DoubleBuffer> sums =
        new OutputSums(threads, PER_RUN)
            .of(wanted.graph(), draw.data(), draw.at(step), monitor::worked);
    Map<String, Evidence> evidence = new LinkedHashMap<>();
    for (Calibration.Sum sum : wanted.sums()) {
      evidence.put(sum.kernel(), new LayerInputs(sum.matrix(), total(sum, sums)));
    }
    return evidence;
  }

  /**
   * Σ x·xᵀ of the inputs of a kernel, in parts of its columns: [groups, part, part] each.
   *
   * @param calibration of a version of the model
   * @param width columns per part
   * @param step 1-based; another step draws other samples
   */
  List<DoubleBuffer> grams(Calibration calibration, Parameter kernel, int width, int step) {
    Calibration.Sums wanted = calibration.grams(kernel, width);
    Map<String, DoubleBuffer> sums =
        new OutputSums(threads, unrolledPerRun())
            .of(wanted.graph(), draw.data(), draw.at(step), monitor::worked);
    return wanted.sums().stream().map(sum -> total(sum, sums)).toList();
  }

  /** Layers may hold many times what the model reads, and unrolled windows many times that. */
  private int unrolledPerRun() {
    long elements = draw.data().batch(0).inputs().values().stream().mapToLong(Tensor::size).sum();
    return (int) Math.max(1, Math.min(MOST_UNROLLED, ELEMENTS / (GROWTH * Math.max(1, elements))));
  }

  /** What the uses of a kernel add up to. */
  private static DoubleBuffer total(Calibration.Sum sum, Map<String, DoubleBuffer> parts) {
    DoubleBuffer total = DoubleBuffer.allocate(parts.get(sum.outputs().get(0)).capacity());
    for (String output : sum.outputs()) {
      DoubleBuffer part = parts.get(output);
      for (int i = 0; i < total.capacity(); i++) {
        total.put(i, total.get(i) + part.get(i));
      }
    }
    return total;
  }
}
