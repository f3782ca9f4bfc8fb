package dev.espalier.engine.train;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.Native;
import dev.espalier.engine.operator.Untrainable;
import dev.espalier.engine.operator.Value;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * Gradients of a model's mean loss by its weights, as the model is in inference: without dropout,
 * and with batch normalisation by its running statistics. A function of its arguments: with one
 * thread equal arguments give equal bits on the same machine.
 *
 * @param task what outputs and targets mean, which decides the loss
 * @param batch samples played at a time, at least 1
 * @param threads threads of the native kernels, at least 1
 */
public record Gradients(Task task, int batch, int threads) {

  /** Why there are no gradients of a graph, each naming node and operator; empty when there are. */
  public static List<String> obstacles(Graph graph, Task task) {
    try {
      return Trainability.obstacles(InferenceForm.of(graph), task);
    } catch (Untrainable e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Draws samples without replacement; every choice is equally likely.
   *
   * @param from the samples to draw from; not changed
   * @param count at most this many
   * @return ascending
   */
  public static int[] draw(int[] from, int count, long seed) {
    int[] shuffled = from.clone();
    Recovery.shuffle(shuffled, new SplittableRandom(seed));
    int[] drawn = Arrays.copyOf(shuffled, Math.min(count, shuffled.length));
    Arrays.sort(drawn);
    return drawn;
  }

  /**
   * The gradients ∂L/∂w of the mean loss L over some samples: the mean of the batches' gradients,
   * each weighted by its number of samples.
   *
   * @param graph a graph without {@link #obstacles obstacles}, at the weights in question
   * @param names of the parameters asked for
   * @param samples which of {@code data}; the last batch may be smaller
   * @param worked told the number of samples after each batch
   * @return a float tensor per name, shaped as the parameter; zero where the loss does not depend
   *     on it
   * @throws GradientsNotFinite when loss or gradients leave the finite numbers
   * @throws Refusal when there are no samples, or labels or shapes do not fit the model
   */
  public Map<String, Tensor> average(
      Graph graph, Set<String> names, BatchSource data, int[] samples, LongConsumer worked) {
    return results(graph, names, data, samples, worked, /* squared= */ false);
  }

  /**
   * The roots of the means of the squares of the batches' gradients, √(Σ g²/B): unlike the mean
   * they do not vanish where the loss is lowest.
   *
   * @param graph a graph without {@link #obstacles obstacles}, at the weights in question
   * @param names of the parameters asked for
   * @param samples which of {@code data}; the last batch may be smaller and counts for less
   * @param worked told the number of samples after each batch
   * @return a float tensor per name, shaped as the parameter; zero where the loss does not depend
   *     on it
   * @throws GradientsNotFinite when loss or gradients leave the finite numbers
   * @throws Refusal when there are no samples, or labels or shapes do not fit the model
   */
  public Map<String, Tensor> rootMeanSquare(
      Graph graph, Set<String> names, BatchSource data, int[] samples, LongConsumer worked) {
    return results(graph, names, data, samples, worked, /* squared= */ true);
  }

  /**
   * Σ g·w over all elements at each position of each axis, batch by batch, each batch's times the
   * root of its share of the samples.
   *
   * @param graph a graph without {@link #obstacles obstacles}, at the weights in question
   * @param names of the parameters asked for
   * @param samples which of {@code data}; the last batch may be smaller and counts for less
   * @param worked told the number of samples after each batch
   * @return a float64 tensor [batches, positions] per name and axis; zero where the loss does not
   *     depend on it
   * @throws GradientsNotFinite when loss or sums leave the finite numbers
   * @throws Refusal when there are no samples, or labels or shapes do not fit the model
   */
  public Map<String, List<Tensor>> axisProducts(
      Graph graph, Set<String> names, BatchSource data, int[] samples, LongConsumer worked) {
    Map<String, List<Tensor>> results = new LinkedHashMap<>();
    gather(graph, names, data, samples, worked, AxisSums::new)
        .forEach((name, sums) -> results.put(name, sums.result()));
    results.forEach((name, axes) -> axes.forEach(sums -> requireFiniteSums(name, sums)));
    return results;
  }

  private Map<String, Tensor> results(
      Graph graph,
      Set<String> names,
      BatchSource data,
      int[] samples,
      LongConsumer worked,
      boolean squared) {
    Map<String, Tensor> results = new LinkedHashMap<>();
    gather(graph, names, data, samples, worked, weights -> new BatchMean(weights, squared))
        .forEach((name, mean) -> results.put(name, mean.result()));
    results.forEach(Gradients::requireFinite);
    return results;
  }

  private <F extends BatchFold> Map<String, F> gather(
      Graph graph,
      Set<String> names,
      BatchSource data,
      int[] samples,
      LongConsumer worked,
      Function<Tensor, F> fold) {
    if (samples.length == 0) {
      throw new Refusal(
          ReasonCode.DATA_TOO_FEW, "there are no samples to take gradients of; give some");
    }
    try {
      Plan plan = new Plan(InferenceForm.of(graph), task);
      if (!plan.obstacles().isEmpty()) {
        throw new Untrainable(plan.obstacles().get(0));
      }
      return gather(plan, graph, names, data, samples, worked, fold);
    } catch (Untrainable e) {
      throw new Refusal(
          ReasonCode.OPERATOR_UNSUPPORTED,
          "the model has no gradients: %s; choose a criterion that needs none"
              .formatted(e.getMessage()),
          e);
    }
  }

  private <F extends BatchFold> Map<String, F> gather(
      Plan plan,
      Graph graph,
      Set<String> names,
      BatchSource data,
      int[] samples,
      LongConsumer worked,
      Function<Tensor, F> fold) {
    Native.useThreads(threads);
    Parameters parameters = new Parameters(plan.graph(), plan.statistics());
    parameters.load(graph.initializers(), Map.of());
    Map<Integer, Tape> tapes = new HashMap<>();
    Map<String, F> folds = new LinkedHashMap<>();
    for (String name : names) {
      folds.put(name, fold.apply(value(parameters, name).data()));
    }
    for (int at = 0; at < samples.length; at += batch) {
      int count = Math.min(batch, samples.length - at);
      Batch next = data.batch(Arrays.copyOfRange(samples, at, at + count));
      Tape tape = tapes.computeIfAbsent(count, n -> tape(plan, parameters, next));
      double loss = tape.play(next.inputs(), next.targets(), new SplittableRandom(0));
      if (!Double.isFinite(loss)) {
        throw new GradientsNotFinite("the loss is " + loss);
      }
      double share = (double) count / samples.length;
      folds.forEach(
          (name, kept) -> kept.add(share, value(parameters, name).requiredGradient().floats()));
      worked.accept(count);
    }
    return folds;
  }

  private static Tape tape(Plan plan, Parameters parameters, Batch batch) {
    Map<String, long[]> shapes = new HashMap<>();
    batch.inputs().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    return new Tape(plan, parameters, shapes);
  }

  private static Value value(Parameters parameters, String name) {
    Value value = parameters.values().get(name);
    if (value == null || !value.differentiated()) {
      throw new Untrainable("parameter '" + name + "' is a statistic");
    }
    return value;
  }

  private static void requireFiniteSums(String name, Tensor sums) {
    DoubleBuffer values = sums.doubles();
    for (int i = 0; i < values.capacity(); i++) {
      if (!Double.isFinite(values.get(i))) {
        throw new GradientsNotFinite("that by '" + name + "' adds up to " + values.get(i));
      }
    }
  }

  private static void requireFinite(String name, Tensor gradient) {
    FloatBuffer values = gradient.floats();
    for (int i = 0; i < values.capacity(); i++) {
      if (!Float.isFinite(values.get(i))) {
        throw new GradientsNotFinite("that by '" + name + "' is " + values.get(i));
      }
    }
  }
}
