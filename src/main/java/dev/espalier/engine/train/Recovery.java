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
import dev.espalier.engine.operator.Untrainable;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
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

  private final Plan plan;
  private final Policy.Recover settings;
  private final int threads;
  private final Parameters parameters;
  private final Map<Integer, Tape> tapes = new HashMap<>();

  /**
   * Prepares to train.
   *
   * @param graph a graph without {@link Trainability#obstacles obstacles}
   * @param task what its outputs and the targets mean
   * @param settings epochs, optimiser, learning rate and batch size
   * @param threads threads of the native kernels, at least 1
   * @throws Refusal {@code operator-unsupported} when the graph has obstacles
   */
  public Recovery(Graph graph, Task task, Policy.Recover settings, int threads) {
    this.plan = new Plan(graph, task);
    if (!plan.obstacles().isEmpty()) {
      throw refusal(plan.obstacles().get(0), null);
    }
    this.settings = settings;
    this.threads = threads;
    this.parameters = new Parameters(graph, plan.statistics());
  }

  /**
   * Trains for the settings' epochs.
   *
   * @param weights start values of all the graph's parameters, by tensor name; not changed
   * @param masks by tensor name, of the parameters that have removed weights; not changed
   * @param data training samples; the last batch of an epoch may be smaller
   * @param seed seed of the order of samples and of dropout
   * @param worked told the number of samples after each update
   * @return new tensors of all parameters; what the masks remove is +0
   * @throws RecoveryDiverged when the loss or a weight is no longer finite
   * @throws Refusal when there are no samples, or labels or shapes do not fit the model
   */
  public Map<String, Tensor> run(
      Map<String, Tensor> weights,
      Map<String, Mask> masks,
      BatchSource data,
      long seed,
      LongConsumer worked) {
    if (data.samples() < 1) {
      throw new Refusal(ReasonCode.DATA_TOO_FEW, "the training data have no samples; give some");
    }
    Native.useThreads(threads);
    parameters.load(weights, masks);
    FloatBuffer keep = parameters.keep(masks);
    Optimizer optimizer = Optimizer.of(settings, keep.capacity());
    SplittableRandom order = new SplittableRandom(seed);
    SplittableRandom noise = order.split();
    int[] samples = IntStream.range(0, data.samples()).toArray();
    int updates = 0;
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      shuffle(samples, order);
      for (int at = 0; at < samples.length; at += settings.batch()) {
        int end = Math.min(samples.length, at + settings.batch());
        Batch batch = data.batch(Arrays.copyOfRange(samples, at, end));
        double loss = tape(batch).play(batch.inputs(), batch.targets(), noise);
        updates++;
        if (!Double.isFinite(loss)) {
          throw new RecoveryDiverged(updates, "the loss is " + loss);
        }
        optimizer.step(parameters.weights(), parameters.gradients(), keep);
        worked.accept(end - at);
      }
    }
    if (!plan.statistics().isEmpty()) {
      settle(samples, data, noise);
    }
    if (!parameters.finite()) {
      throw new RecoveryDiverged(updates, "a weight is not finite");
    }
    return parameters.copy();
  }

  /**
   * Makes the running statistics of normalisations the means over batches under the final weights:
   * while those still move, statistics lag behind, the more the larger a node's momentum.
   */
  private void settle(int[] samples, BatchSource data, SplittableRandom noise) {
    int size = Math.min(settings.batch(), samples.length);
    int batches = Math.min(SETTLING, samples.length / size);
    for (int i = 0; i < batches; i++) {
      Batch batch = data.batch(Arrays.copyOfRange(samples, i * size, (i + 1) * size));
      tape(batch).settle(batch.inputs(), i, noise);
    }
  }

  private Tape tape(Batch batch) {
    int samples = (int) batch.targets().dimension(0);
    try {
      Tape tape = tapes.get(samples);
      if (tape == null) {
        Map<String, long[]> shapes = new HashMap<>();
        batch.inputs().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        tape = new Tape(plan, parameters, shapes);
        tapes.put(samples, tape);
      }
      return tape;
    } catch (Untrainable e) {
      throw refusal(String.valueOf(e.getMessage()), e);
    }
  }

  private static Refusal refusal(String obstacle, @Nullable Throwable cause) {
    return new Refusal(
        ReasonCode.OPERATOR_UNSUPPORTED,
        "the model cannot be fine-tuned: %s; set recover.epochs to 0".formatted(obstacle),
        cause);
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
    tapes.clear();
  }
}
