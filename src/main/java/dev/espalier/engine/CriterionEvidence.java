package dev.espalier.engine;

import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.data.Split;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.score.Criterion;
import dev.espalier.engine.score.Evidence;
import dev.espalier.engine.train.Gradients;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the criteria of a policy look at beside the weights.
 *
 * @param gradients of the loss
 * @param inputs of the layers
 * @param draw the samples that both are taken from
 * @param policy the criteria
 */
record CriterionEvidence(
    LossGradients gradients, LayerInputSums inputs, SampleDraw draw, Policy policy) {

  /**
   * Evidence for the criteria of a policy.
   *
   * @param graph the model as it came
   * @param tensors in scope
   * @throws Refusal {@code operator-unsupported} when one of them, fallbacks included, needs what
   *     the model does not have
   */
  static CriterionEvidence of(
      Graph graph,
      Inputs inputs,
      Split split,
      Policy policy,
      Set<String> tensors,
      int threads,
      Monitor monitor) {
    SampleDraw draw = SampleDraw.of(inputs, split, policy);
    LossGradients gradients =
        new LossGradients(
            graph, new Gradients(inputs.task(), policy.recover().batch(), threads), draw, monitor);
    LayerInputSums sums = new LayerInputSums(graph, draw, threads, monitor);
    Stream.concat(Stream.of(policy.criterion()), policy.fallback().stream())
        .forEach(
            name -> {
              Criterion criterion = Criterion.of(name, policy);
              if (criterion.needsGradients()) {
                gradients.require(name);
              }
              if (criterion.needsInputs()) {
                sums.require(name, tensors);
              }
            });
    return new CriterionEvidence(gradients, sums, draw, policy);
  }

  /**
   * What a criterion needs to score a version of the model.
   *
   * @param weights of that version, by tensor name
   * @param names of the tensors that are scored
   * @param step 1-based; another step draws other samples
   * @return by tensor name; none where the criterion needs none
   */
  Map<String, Evidence> at(
      Map<String, Tensor> weights, Criterion criterion, Set<String> names, int step) {
    return criterion.needsGradients()
        ? gradients.at(weights, names, step)
        : criterion.needsInputs() ? inputs.energies(weights, names, step) : Map.of();
  }

  /** Work of one step by the policy's first criterion, in samples scored. */
  long workPerStep() {
    Criterion criterion = Criterion.of(policy.criterion(), policy);
    return criterion.needsGradients()
        ? (long) Recoverer.COST * draw.size()
        : criterion.needsInputs() ? draw.size() : 0;
  }

  /** Samples looked at in each step; absent when no step so far needed any. */
  @Nullable Long samples(List<ModelResult.Step> trajectory) {
    boolean used =
        trajectory.stream()
            .map(step -> Criterion.of(step.criterion(), policy))
            .anyMatch(criterion -> criterion.needsGradients() || criterion.needsInputs());
    return used ? (long) draw.size() : null;
  }
}
