package dev.espalier.engine;

import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.data.Split;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.scope.PruningScope;
import dev.espalier.engine.train.Gradients;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of the loss for the criteria that look at them, from a seeded draw of the training data
 * or, where there are none, of the half of the validation set that steers the job.
 */
final class LossGradients {
  /** Obstacles named in a refusal, so that its end is not cut off. */
  private static final int SHOWN = 3;

  private final Graph graph;
  private final PruningScope scope;
  private final Gradients gradients;
  private final Dataset data;
  private final int[] samples;
  private final Policy policy;
  private final Monitor monitor;

  private LossGradients(
      Graph graph,
      PruningScope scope,
      Gradients gradients,
      Dataset data,
      int[] samples,
      Policy policy,
      Monitor monitor) {
    this.graph = graph;
    this.scope = scope;
    this.gradients = gradients;
    this.data = data;
    this.samples = samples;
    this.policy = policy;
    this.monitor = monitor;
  }

  /**
   * Gradients for the criteria of a policy.
   *
   * @param graph the model as it came
   * @param scope what they score
   * @throws Refusal {@code operator-unsupported} when one of them, fallbacks included, needs
   *     gradients that the model does not have
   */
  static LossGradients of(
      Graph graph,
      PruningScope scope,
      Inputs inputs,
      Split split,
      Policy policy,
      int threads,
      Monitor monitor) {
    Dataset training = inputs.trainingData();
    Dataset data = training == null ? inputs.validation() : training;
    int[] samples =
        training == null ? split.search() : IntStream.range(0, training.samples()).toArray();
    Stream.concat(Stream.of(policy.criterion()), policy.fallback().stream())
        .filter(scope::needsGradients)
        .findFirst()
        .ifPresent(name -> requireGradients(name, graph, data));
    Gradients gradients = new Gradients(data.task(), policy.recover().batch(), threads);
    return new LossGradients(graph, scope, gradients, data, samples, policy, monitor);
  }

  private static void requireGradients(Policy.Criterion name, Graph graph, Dataset data) {
    List<String> obstacles =
        Gradients.obstacles(graph.sizedFor(data.batch(0).inputs()), data.task());
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
   * What a criterion needs to score a version of the model.
   *
   * @param weights of that version, by tensor name
   * @param step 1-based; another step draws other samples
   * @return gradients by tensor name; none where the criterion needs none
   */
  Map<String, Tensor> at(Map<String, Tensor> weights, Policy.Criterion criterion, int step) {
    if (!scope.needsGradients(criterion)) {
      return Map.of();
    }
    int[] drawn = Gradients.draw(samples, policy.gradientSamples(), policy.seed() + step);
    return gradients.average(
        graph.with(weights),
        scope.scored(),
        data,
        drawn,
        count -> monitor.worked(Recoverer.COST * count));
  }

  /** Work of one step by the policy's first criterion, in samples scored. */
  long workPerStep() {
    return scope.needsGradients(policy.criterion()) ? (long) Recoverer.COST * perStep() : 0;
  }

  /** Samples averaged over at each step; absent when no step so far needed gradients. */
  @Nullable Long samples(List<ModelResult.Step> trajectory) {
    boolean used =
        trajectory.stream().map(ModelResult.Step::criterion).anyMatch(scope::needsGradients);
    return used ? (long) perStep() : null;
  }

  private int perStep() {
    return Math.min(policy.gradientSamples(), samples.length);
  }
}
