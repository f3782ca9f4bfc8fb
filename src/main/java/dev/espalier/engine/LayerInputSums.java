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
