package dev.espalier.engine;

import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.checkpoint.Candidate;
import dev.espalier.engine.data.Split;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.scope.PruningScope;
import dev.espalier.engine.score.Evidence;
import dev.espalier.engine.score.Moved;
import dev.espalier.engine.score.Need;
import dev.espalier.engine.train.Gradients;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the criteria of a policy look at beside the weights.
 *
 * @param scope what they score
 * @param gradients of the loss
 * @param inputs of the layers
 * @param draw the samples that both are taken from
 * @param policy the criteria
 * @param obstacles those of its fallbacks that have nothing to look at in the model, with the
 *     reasons
 */
record CriterionEvidence(
    PruningScope scope,
    LossGradients gradients,
    LayerInputSums inputs,
    SampleDraw draw,
    Policy policy,
    Map<Policy.Criterion, String> obstacles) {
  /** Copies the map. */
  CriterionEvidence {
    obstacles = Map.copyOf(obstacles);
  }

  /**
   * Evidence for the criteria of a policy.
   *
   * @param graph the model as it came
   * @param scope what they score
   * @throws Refusal {@code operator-unsupported} or {@code nothing-to-prune} when the first of them
   *     needs what the model does not have; of its fallbacks that is kept as an obstacle
   */
  static CriterionEvidence of(
      Graph graph,
      PruningScope scope,
      Inputs inputs,
      Split split,
      Policy policy,
      int threads,
      Monitor monitor) {
    SampleDraw draw = SampleDraw.of(inputs, split, policy);
    LossGradients gradients =
        new LossGradients(
            graph, new Gradients(inputs.task(), policy.recover().batch(), threads), draw, monitor);
    LayerInputSums sums = new LayerInputSums(graph, draw, threads, monitor);
    CriterionEvidence evidence =
        new CriterionEvidence(scope, gradients, sums, draw, policy, Map.of());
    evidence.require(policy.criterion());
    Map<Policy.Criterion, String> obstacles = new EnumMap<>(Policy.Criterion.class);
    for (Policy.Criterion fallback : policy.fallback()) {
      try {
        evidence.require(fallback);
      } catch (Refusal e) {
        obstacles.put(fallback, e.reason().message());
      }
    }
    return new CriterionEvidence(scope, gradients, sums, draw, policy, obstacles);
  }

  private void require(Policy.Criterion name) {
    scope.requireUseOf(name);
    if (scope.need(name).isOfGradients()) {
      gradients.require(name);
    }
    if (scope.need(name).isOfInputs()) {
      inputs.require(name, scope.scored());
    }
  }

  /** Why a fallback criterion cannot be used. */
  Optional<String> obstacle(Policy.Criterion name) {
    return Optional.ofNullable(obstacles.get(name));
  }

  /**
   * What a criterion needs to score a version of the model.
   *
   * @param version its weights, and their movement where the criterion needs it
   * @param step 1-based; another step draws other samples
   * @return by tensor name; none where the scores need none
   */
  Map<String, Evidence> at(Candidate version, Policy.Criterion criterion, int step) {
    Map<String, Tensor> weights = version.weights();
    Need need = scope.need(criterion);
    return switch (need) {
      case GRADIENTS, SQUARED_GRADIENTS ->
          gradients.at(weights, scope.scored(), need == Need.SQUARED_GRADIENTS, step);
      case AXIS_PRODUCTS -> gradients.axisProducts(weights, scope.scored(), step);
      case INPUTS -> inputs.energies(weights, scope.scored(), step);
      case MOVEMENT -> Moved.of(version.movement());
      case NOTHING, RECONSTRUCTION -> Map.of();
    };
  }

  /** Work of one step by the policy's first criterion, in samples scored. */
  long workPerStep() {
    return switch (scope.need(policy.criterion())) {
      case GRADIENTS, SQUARED_GRADIENTS, AXIS_PRODUCTS -> (long) Recoverer.COST * draw.size();
      case INPUTS -> draw.size();
      case RECONSTRUCTION -> (long) scope.scored().size() * draw.size();
      case NOTHING, MOVEMENT -> 0;
    };
  }

  /** Samples looked at in each step; absent when no step so far needed any. */
  @Nullable Long samples(List<ModelResult.Step> trajectory) {
    boolean used =
        trajectory.stream()
            .map(ModelResult.Step::criterion)
            .map(scope::need)
            .anyMatch(need -> need.isOfGradients() || need.isOfInputs());
    return used ? (long) draw.size() : null;
  }
}
