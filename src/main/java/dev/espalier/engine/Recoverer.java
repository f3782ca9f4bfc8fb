package dev.espalier.engine;

import dev.espalier.contract.Policy;
import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.train.Recovery;
import dev.espalier.engine.train.Trainability;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fine-tuning after each step, or the reason why there is none. */
final class Recoverer implements AutoCloseable {
  /** What training on a sample costs, in samples scored: the measured ratio of the two. */
  static final int COST = 6;

  private final @Nullable Recovery recovery;
  private final @Nullable String obstacle;
  private final @Nullable Dataset data;
  private final Policy policy;
  private final Monitor monitor;

  private Recoverer(
      @Nullable Recovery recovery,
      @Nullable String obstacle,
      @Nullable Dataset data,
      Policy policy,
      Monitor monitor) {
    this.recovery = recovery;
    this.obstacle = obstacle;
    this.data = data;
    this.policy = policy;
    this.monitor = monitor;
  }

  static Recoverer of(Graph graph, Inputs inputs, Policy policy, int threads, Monitor monitor) {
    Optional<String> obstacle = obstacle(graph, inputs, policy);
    return new Recoverer(
        obstacle.isPresent()
            ? null
            : new Recovery(graph, inputs.validation().task(), policy.recover(), threads),
        obstacle.orElse(null),
        inputs.trainingData(),
        policy,
        monitor);
  }

  private static Optional<String> obstacle(Graph graph, Inputs inputs, Policy policy) {
    if (policy.recover().epochs() == 0) {
      return Optional.of("the policy asks for no epochs");
    }
    Dataset data = inputs.trainingData();
    if (data == null) {
      return Optional.of("there are no training data");
    }
    List<String> obstacles =
        Trainability.obstacles(graph.sizedFor(data.batch(0).inputs()), data.task());
    return obstacles.isEmpty()
        ? Optional.empty()
        : Optional.of("the model cannot be trained: " + String.join("; ", obstacles));
  }

  /** Why there is no recovery. */
  Optional<String> obstacle() {
    return Optional.ofNullable(obstacle);
  }

  /** Work of one step, in samples scored. */
  long workPerStep() {
    return recovery == null || data == null
        ? 0
        : (long) COST * policy.recover().epochs() * data.samples();
  }

  /** Weights after fine-tuning, or {@code weights} themselves when there is none. */
  Map<String, Tensor> recover(Map<String, Tensor> weights, Map<String, Mask> masks, int step) {
    if (recovery == null || data == null) {
      return weights;
    }
    return recovery.run(
        weights, masks, data, policy.seed() + step, samples -> monitor.worked(COST * samples));
  }

  @Override
  public void close() {
    if (recovery != null) {
      recovery.close();
    }
  }
}
