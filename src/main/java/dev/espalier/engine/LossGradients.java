package dev.espalier.engine;

import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.score.AxisProducts;
import dev.espalier.engine.score.Evidence;
import dev.espalier.engine.score.Sensitivity;
import dev.espalier.engine.train.Gradients;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Gradients of the loss for the criteria that look at them.
 *
 * @param graph the model as it came
 * @param gradients of its loss
 * @param draw the samples
 * @param monitor told of the work
 */
record LossGradients(Graph graph, Gradients gradients, SampleDraw draw, Monitor monitor) {
  /** Obstacles named in a refusal, so that its end is not cut off. */
  private static final int SHOWN = 3;

  /**
   * Requires that the model has gradients.
   *
   * @param name the criterion that needs them
   * @throws Refusal {@code operator-unsupported} when it has none
   */
  void require(Policy.Criterion name) {
    List<String> obstacles =
        Gradients.obstacles(graph.sizedFor(draw.data().batch(0).inputs()), draw.data().task());
    if (!obstacles.isEmpty()) {
      throw new Refusal(
          ReasonCode.OPERATOR_UNSUPPORTED,
          ("the criterion '%s' needs gradients, which this model does not have: %s;"
                  + " choose one that needs none, such as lamp")
              .formatted(
                  name.wire(), obstacles.stream().limit(SHOWN).collect(Collectors.joining("; "))));
    }
  }

  /**
   * The loss's sensitivity to a version of the model.
   *
   * @param weights of that version, by tensor name
   * @param names of the tensors that are scored
   * @param squared whether batches' gradients are squared before they are averaged
   * @param step 1-based; another step draws other samples
   */
  Map<String, Evidence> at(
      Map<String, Tensor> weights, Set<String> names, boolean squared, int step) {
    Graph version = graph.with(weights);
    int[] samples = draw.at(step);
    LongConsumer worked = count -> monitor.worked(Recoverer.COST * count);
    Map<String, Tensor> averages =
        squared
            ? gradients.rootMeanSquare(version, names, draw.data(), samples, worked)
            : gradients.average(version, names, draw.data(), samples, worked);
    Map<String, Evidence> evidence = new LinkedHashMap<>();
    averages.forEach(
        (name, gradient) -> evidence.put(name, new Sensitivity(weights.get(name), gradient)));
    return evidence;
  }

  /**
   * Σ g·w of a version of the model at each position of each axis, batch by batch.
   *
   * @param weights of that version, by tensor name
   * @param names of the tensors that are scored
   * @param step 1-based; another step draws other samples
   */
  Map<String, Evidence> axisProducts(Map<String, Tensor> weights, Set<String> names, int step) {
    LongConsumer worked = count -> monitor.worked(Recoverer.COST * count);
    Map<String, Evidence> evidence = new LinkedHashMap<>();
    gradients
        .axisProducts(graph.with(weights), names, draw.data(), draw.at(step), worked)
        .forEach((name, byAxis) -> evidence.put(name, new AxisProducts(byAxis)));
    return evidence;
  }
}
