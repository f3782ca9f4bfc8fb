package dev.espalier.engine.train;

import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.operator.Native;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Masked fine-tuning of a graph: mini-batch descent on the loss of its task in which removed
 * weights stay exactly zero. Buffers are taken once per batch size and kept between runs.
 *
 * <p>A run is a function of its arguments: the optimiser starts fresh, and the order of samples and
 * dropout come from the seed alone. With one thread equal arguments give equal bits on the same
 * machine. Not thread-safe.
 */
public final class Recovery implements AutoCloseable {
  /** Most batches that statistics settle in. */
  private static final int SETTLING = 50;

  private final Policy.Recover settings;
  private final int threads;
  private final Learner learner;

  /**
   * Prepares to train.
   *
   * @param graph a graph without {@link Trainability#obstacles obstacles}; where the settings
   *     distill, the model with its weights here is the teacher
   * @param task what its outputs and the targets mean
   * @param settings of the updates
   * @param threads threads of the native kernels, at least 1
   * @throws Refusal {@code operator-unsupported} when the graph has obstacles
   */
  public Recovery(Graph graph, Task task, Policy.Recover settings, int threads) {
    this.settings = settings;
    this.threads = threads;
    this.learner = new Learner(graph, task, settings.epochs() == 0 ? null : settings.distill());
  }

  /**
   * Trains for all of the settings' epochs.
   *
   * @param weights start values of all the graph's parameters, by tensor name; not changed
   * @return new tensors of all parameters; what the masks remove is +0
   * @see #run(Recovered, Map, BatchSource, long, ToDoubleFunction, LongConsumer)
   */
  public Map<String, Tensor> run(
      Map<String, Tensor> weights,
      Map<String, Mask> masks,
      BatchSource data,
      long seed,
      LongConsumer worked) {
    if (settings.earlyStop() != null) {
      throw new IllegalArgumentException("an early stop needs a score");
    }
    return run(new Recovered(weights), masks, data, seed, recovered -> 0, worked).weights();
  }

  /**
   * Trains for the settings' epochs, or until the score of so many as they say does not improve;
   * then what the best of them left is the result. Without epochs, statistics alone are measured
   * again: those of normalisations that come after a weight which is no longer the graph's.
   *
   * @param start what to start from, not changed; the movement of the tensors it has one of is
   *     followed
   * @param masks by tensor name, of the parameters that have removed weights; not changed
   * @param data training samples; the last batch of an epoch may be smaller
   * @param seed seed of the order of samples and of dropout
   * @param score of weights after an epoch, the higher the better; asked for early stops alone
   * @param worked told the number of samples after each update
   * @return new tensors of all parameters; what the masks remove is +0
   * @throws RecoveryDiverged when the loss or a weight is no longer finite
   * @throws Refusal when there are no samples, or labels or shapes do not fit the model
   */
  public Recovered run(
      Recovered start,
      Map<String, Mask> masks,
      BatchSource data,
      long seed,
      ToDoubleFunction<Map<String, Tensor>> score,
      LongConsumer worked) {
    if (data.samples() < 1) {
      throw new Refusal(ReasonCode.DATA_TOO_FEW, "the training data have no samples; give some");
    }
    Native.useThreads(threads);
    learner.load(start.weights(), masks);
    int[] samples = IntStream.range(0, data.samples()).toArray();
    SplittableRandom order = new SplittableRandom(seed);
    SplittableRandom noise = order.split();
    if (settings.epochs() == 0) {
      shuffle(samples, order);
      return measured(start, samples, data, noise);
    }
    long updates = (samples.length + settings.batch() - 1L) / settings.batch() * settings.epochs();
    Updates run = new Updates(settings, learner.parameters(), masks, updates, start.movement());
    @Nullable Best best = settings.earlyStop() == null ? null : new Best(settings.earlyStop());
    for (int epoch = 0; epoch < settings.epochs() && !(best != null && best.isOver()); epoch++) {
      shuffle(samples, order);
      train(run, samples, data, noise, worked);
      if (best != null) {
        Recovered recovered = recovered(start, run, samples, data, noise);
        best.consider(score.applyAsDouble(recovered.weights()), recovered);
      }
    }
    return best == null ? recovered(start, run, samples, data, noise) : best.kept();
  }

  /** One epoch. */
  private void train(
      Updates run, int[] samples, BatchSource data, SplittableRandom noise, LongConsumer worked) {
    for (int at = 0; at < samples.length; at += settings.batch()) {
      int end = Math.min(samples.length, at + settings.batch());
      Batch batch = data.batch(Arrays.copyOfRange(samples, at, end));
      double loss = learner.play(batch, noise);
      if (!Double.isFinite(loss)) {
        throw new RecoveryDiverged(run.done() + 1, "the loss is " + loss);
      }
      run.apply();
      worked.accept(end - at);
    }
  }

  private Recovered recovered(
      Recovered start, Updates run, int[] samples, BatchSource data, SplittableRandom noise) {
    if (settings.recalibrateBatchNorm()) {
      settle(samples, data, noise);
    }
    requireFinite(run.finite(), run.done());
    return new Recovered(learner.copy(start.weights()), run.movement());
  }

  /** The start values with the statistics that changed weights ask for. */
  private Recovered measured(
      Recovered start, int[] samples, BatchSource data, SplittableRandom noise) {
    Set<String> stale = learner.staleStatistics();
    if (settings.recalibrateBatchNorm() && !stale.isEmpty()) {
      settle(samples, data, noise);
    }
    requireFinite(learner.parameters().finite(), 0);
    Map<String, Tensor> weights = learner.copy(start.weights());
    learner.statistics().stream()
        .filter(name -> !stale.contains(name))
        .forEach(name -> weights.put(name, start.weights().get(name).copy()));
    return new Recovered(weights, start.movement());
  }

  private static void requireFinite(boolean finite, int updates) {
    if (!finite) {
      throw new RecoveryDiverged(updates, "a weight is not finite");
    }
  }

  /**
   * Makes the running statistics of normalisations the means over batches under the final weights:
   * while those still move, statistics lag behind, the more the larger a node's momentum.
   */
  private void settle(int[] samples, BatchSource data, SplittableRandom noise) {
    if (learner.statistics().isEmpty()) {
      return;
    }
    int size = Math.min(settings.batch(), samples.length);
    int batches = Math.min(SETTLING, samples.length / size);
    for (int i = 0; i < batches; i++) {
      Batch batch = data.batch(Arrays.copyOfRange(samples, i * size, (i + 1) * size));
      learner.settle(batch, i, noise);
    }
  }

  /** Fisher and Yates' shuffle: every order is equally likely. */
  static void shuffle(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }

  /** Lets go of the buffers. */
  @Override
  public void close() {
    learner.clear();
  }
}
