package dev.espalier.engine;

import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.checkpoint.Candidate;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.data.FirstSamples;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.scope.PruningScope;
import dev.espalier.engine.score.Need;
import dev.espalier.engine.train.Recovered;
import dev.espalier.engine.train.Recovery;
import dev.espalier.engine.train.Statistics;
import dev.espalier.engine.train.Trainability;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Fine-tuning after each step, or the reason why there is none. */
final class Recoverer implements AutoCloseable {
  /** What training on a sample costs, in samples scored: the measured ratio of the two. */
  static final int COST = 6;

  /** Batches that are timed. */
  private static final long TIMED_BATCHES = 4;

  private final @Nullable Recovery recovery;
  private final @Nullable String obstacle;
  private final @Nullable Dataset data;
  private final Policy policy;
  private final Monitor monitor;
  private @Nullable Recovered warmedUp;

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

  /**
   * Recovery as a policy asks for it.
   *
   * @throws Refusal {@code data-too-few} or {@code operator-unsupported} when there is none and the
   *     policy's first criterion needs it
   */
  static Recoverer of(
      Graph graph, PruningScope scope, Inputs inputs, Policy policy, int threads, Monitor monitor) {
    Dataset data = inputs.trainingData();
    boolean epochs = policy.recover().epochs() > 0;
    boolean measures = policy.recover().recalibrateBatchNorm() && !Statistics.of(graph).isEmpty();
    String noData = data == null ? "there are no training data" : null;
    String untrainable = data == null ? null : untrainable(graph, data);
    Recovery recovery =
        data != null && untrainable == null && (epochs || measures)
            ? new Recovery(graph, inputs.validation().task(), policy.recover(), threads)
            : null;
    String obstacle = noData != null ? noData : untrainable;
    if (!epochs) {
      String stays = measures && obstacle != null ? "; statistics stay, as " + obstacle : "";
      obstacle = "the policy asks for no epochs" + stays;
    }
    Recoverer recoverer = new Recoverer(recovery, obstacle, data, policy, monitor);
    recoverer
        .obstacle(policy.criterion(), scope)
        .ifPresent(
            why -> {
              throw new Refusal(
                  data == null ? ReasonCode.DATA_TOO_FEW : ReasonCode.OPERATOR_UNSUPPORTED, why);
            });
    return recoverer;
  }

  /** Why a criterion that looks back on recovery has nothing to look back on. */
  Optional<String> obstacle(Policy.Criterion criterion, PruningScope scope) {
    return scope.need(criterion) == Need.MOVEMENT
        ? obstacle()
            .map(
                why ->
                    ("the criterion 'movement' needs recovery, of which there is none: %s; give"
                            + " training data, or choose another such as lamp")
                        .formatted(why))
        : Optional.empty();
  }

  private static @Nullable String untrainable(Graph graph, Dataset data) {
    List<String> obstacles =
        Trainability.obstacles(graph.sizedFor(data.batch(0).inputs()), data.task());
    return obstacles.isEmpty()
        ? null
        : "the model cannot be trained: " + String.join("; ", obstacles);
  }

  /** Why there is no recovery. */
  Optional<String> obstacle() {
    return Optional.ofNullable(obstacle);
  }

  /** Work of one step, in samples scored, without the scores of early stops. */
  long workPerStep() {
    if (recovery == null || data == null) {
      return 0;
    }
    return (long) cost() * policy.recover().epochs() * data.samples();
  }

  /** A teacher's forward pass costs about a third of the student's two. */
  private int cost() {
    return policy.recover().distill() == null ? COST : COST + COST / 3;
  }

  /**
   * What fine-tuning leaves, or {@code start} itself when there is none.
   *
   * @param score of weights, for early stops; the higher the better
   */
  Recovered recover(
      Recovered start,
      Map<String, Mask> masks,
      int step,
      ToDoubleFunction<Map<String, Tensor>> score) {
    if (recovery == null || data == null) {
      return start;
    }
    return recovery.run(
        start,
        masks,
        data,
        policy.seed() + step,
        score,
        samples -> monitor.worked(cost() * samples));
  }

  /**
   * Seconds that a sample takes in an epoch, measured on a few batches after one to warm up; empty
   * without recovery.
   *
   * @param start the model as it came
   */
  OptionalDouble secondsPerSample(Candidate start) {
    if (recovery == null || data == null || policy.recover().epochs() == 0) {
      return OptionalDouble.empty();
    }
    long batch = policy.recover().batch();
    recoverOf(new FirstSamples(data, (int) Math.min(data.samples(), batch)), start);
    int samples = (int) Math.min(data.samples(), TIMED_BATCHES * batch);
    long started = System.nanoTime();
    recoverOf(new FirstSamples(data, samples), start);
    double played = (double) samples * policy.recover().epochs();
    return OptionalDouble.of(Monitor.secondsSince(started) / played);
  }

  private void recoverOf(BatchSource some, Candidate start) {
    if (recovery != null) {
      var unused =
          recovery.run(
              new Recovered(start.weights()),
              start.masks(),
              some,
              policy.seed(),
              weights -> 0,
              samples -> monitor.worked(cost() * samples));
    }
  }

  /**
   * The same before the first step, without any removal by it: trained once, whatever asks for it
   * next time.
   *
   * @param start the model as it came
   */
  Recovered warmUp(
      Recovered start, Map<String, Mask> masks, ToDoubleFunction<Map<String, Tensor>> score) {
    if (warmedUp == null) {
      warmedUp = recover(start, masks, 0, score);
    }
    return warmedUp;
  }

  @Override
  public void close() {
    if (recovery != null) {
      recovery.close();
    }
  }
}
