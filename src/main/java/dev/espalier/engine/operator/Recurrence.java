package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One direction of an ONNX recurrent operator over a batch of sequences, forwards and backwards in
 * time (back-propagation through time; Werbos 1990, doi:10.1109/5.58337). With t steps, n samples,
 * i inputs, h hidden units and g gates: all steps' products with the input weights are one matrix
 * product, and so are the gradients of the input, of both weights and of the biases; only the
 * products with the hidden state are taken step by step.
 *
 * <p>A sample whose sequence has ended keeps its state and writes 0 into the result, as ONNX
 * defines {@code sequence_lens}. In reverse direction it keeps the initial state until its last
 * element is reached, which is the same as reversing its elements alone.
 */
abstract class Recurrence {
  final RecurrentOperands operands;
  final int steps;
  final int batch;
  final int inputs;
  final int hidden;

  /** Products with the input weights, then activated gates, then their gradients: [t, n, g·h]. */
  final Tensor gates;

  /** Hidden states [t + 1, n, h]; between two of them lies one step. */
  final Tensor states;

  /** Heap copies of one step: previous and next hidden state, and its gradient, [n, h]. */
  final float[] previous;

  final float[] next;
  final float[] gradient;

  private final RecurrentResults results;
  private final List<FloatBuffer> stateAt;
  private final Tensor carried;
  private final Broadcast biasSums;
  private @Nullable List<FloatBuffer> recurrentAt;
  private final float[] row;
  private final int[] lengths;

  Recurrence(RecurrentOperands operands, RecurrentResults results, int gateCount) {
    this.operands = operands;
    this.results = results;
    this.steps = (int) operands.x().data().dimension(0);
    this.batch = (int) operands.x().data().dimension(1);
    this.inputs = (int) operands.x().data().dimension(2);
    this.hidden = (int) operands.r().data().dimension(1);
    this.gates = Tensor.zeros(DataType.FLOAT, steps, batch, (long) gateCount * hidden);
    this.states = Tensor.zeros(DataType.FLOAT, steps + 1, batch, hidden);
    this.stateAt = slots(states);
    this.carried = Tensor.zeros(DataType.FLOAT, batch, hidden);
    this.previous = new float[batch * hidden];
    this.next = new float[batch * hidden];
    this.gradient = new float[batch * hidden];
    this.biasSums =
        Broadcast.of(
            new long[] {gates.dimension(2)}, new long[] {(long) steps * batch, gates.dimension(2)});
    this.row = new float[hidden];
    this.lengths = new int[batch];
  }

  /** The slices of a tensor along its first axis. */
  static List<FloatBuffer> slots(Tensor tensor) {
    long[] shape = tensor.shape();
    long[] part = Arrays.copyOfRange(shape, 1, shape.length);
    int size = (int) Tensor.elements(part);
    return IntStream.range(0, (int) shape[0])
        .mapToObj(i -> tensor.slice(i * size, part).floats())
        .toList();
  }

  /** Computes {@link #next} from {@link #previous} and the step's gates. */
  abstract void advance(int time);

  /**
   * Turns {@link #gradient}, which is by the step's result, into the gradients of its gates. Leaves
   * in it what reaches the previous state, but for what {@link #recurrentGradients()} times the
   * recurrent weights give.
   */
  abstract void retreat(int time);

  /** Gradients of the products with the hidden state: [t, n, g·h]. */
  abstract Tensor recurrentGradients();

  /** What else is to be set before the first step. */
  void start() {}

  /** What else is to be written after the last step. */
  void finish() {}

  /** What else is to be written after going back. */
  void finishBack() {}

  /** What else is to be set before going back. */
  void startBack() {}

  /** Slot of the state before the step at {@code time}. */
  final int before(int time) {
    return operands.reverse() ? time + 1 : time;
  }

  /** Slot of the state after the step at {@code time}. */
  final int after(int time) {
    return operands.reverse() ? time : time + 1;
  }

  private int timeOf(int step) {
    return operands.reverse() ? steps - 1 - step : step;
  }

  /** Slot of the state after the last step. */
  final int last() {
    return operands.reverse() ? 0 : steps;
  }

  /** Slot of the state before the first step. */
  final int first() {
    return operands.reverse() ? steps : 0;
  }

  /** Whether a sample's sequence goes on at {@code time}. */
  final boolean lasts(int sample, int time) {
    return time < lengths[sample];
  }

  final void forward() {
    readLengths();
    Blas.gemm(
        false,
        true,
        steps * batch,
        (int) gates.dimension(2),
        inputs,
        1f,
        operands.x().data().floats(),
        operands.w().data().floats(),
        0f,
        gates.floats());
    Value initial = operands.initialHidden();
    if (initial != null) {
      stateAt.get(first()).put(0, initial.data().floats(), 0, batch * hidden);
    }
    start();
    for (int step = 0; step < steps; step++) {
      int time = timeOf(step);
      stateAt.get(before(time)).get(0, previous);
      advance(time);
      stateAt.get(after(time)).put(0, next);
      writeResult(time);
    }
    results.lastHidden().data().floats().put(stateAt.get(last()).duplicate());
    finish();
  }

  private void readLengths() {
    Arrays.fill(lengths, steps);
    Tensor given = operands.lengths();
    if (given != null) {
      IntBuffer ints = given.ints();
      for (int sample = 0; sample < batch; sample++) {
        lengths[sample] = Math.min(steps, Math.max(0, ints.get(sample)));
      }
    }
  }

  /** Where the result's elements of {@code time} start. */
  private int place(int time) {
    return (time * results.directions() + results.direction()) * batch * hidden;
  }

  private void writeResult(int time) {
    FloatBuffer y = results.all().data().floats();
    for (int sample = 0; sample < batch; sample++) {
      int at = place(time) + sample * hidden;
      if (lasts(sample, time)) {
        y.put(at, next, sample * hidden, hidden);
      } else {
        Arrays.fill(row, 0f);
        y.put(at, row);
      }
    }
  }

  final void backward() {
    Arrays.fill(gradient, 0f);
    if (results.lastHidden().differentiated()) {
      results.lastHidden().requiredGradient().floats().get(0, gradient);
    }
    startBack();
    List<FloatBuffer> recurrent = recurrentAt == null ? slots(recurrentGradients()) : recurrentAt;
    recurrentAt = recurrent;
    int width = (int) gates.dimension(2);
    for (int step = steps - 1; step >= 0; step--) {
      int time = timeOf(step);
      addResultGradient(time);
      stateAt.get(before(time)).get(0, previous);
      stateAt.get(after(time)).get(0, next);
      retreat(time);
      Blas.gemm(
          false,
          false,
          batch,
          hidden,
          width,
          1f,
          recurrent.get(time),
          operands.r().data().floats(),
          0f,
          carried.floats());
      carried.floats().get(0, next);
      for (int k = 0; k < gradient.length; k++) {
        gradient[k] += next[k];
      }
    }
    writeGradients();
  }

  private void addResultGradient(int time) {
    if (!results.all().differentiated()) {
      return;
    }
    FloatBuffer y = results.all().requiredGradient().floats();
    for (int sample = 0; sample < batch; sample++) {
      if (lasts(sample, time)) {
        y.get(place(time) + sample * hidden, row);
        for (int k = 0; k < hidden; k++) {
          gradient[sample * hidden + k] += row[k];
        }
      }
    }
  }

  private void writeGradients() {
    int rows = steps * batch;
    int width = (int) gates.dimension(2);
    FloatBuffer z = gates.floats();
    if (operands.w().differentiated()) {
      FloatBuffer w = operands.w().requiredGradient().floats();
      Blas.gemm(true, false, width, inputs, rows, 1f, z, operands.x().data().floats(), 0f, w);
    }
    if (operands.r().differentiated()) {
      FloatBuffer h = states.slice(before(0) * batch * hidden, rows, hidden).floats();
      FloatBuffer r = operands.r().requiredGradient().floats();
      Blas.gemm(true, false, width, hidden, rows, 1f, recurrentGradients().floats(), h, 0f, r);
    }
    if (operands.x().differentiated()) {
      float others = results.direction() == 0 ? 0f : 1f; // the first direction has written
      FloatBuffer x = operands.x().requiredGradient().floats();
      Blas.gemm(false, false, rows, inputs, width, 1f, z, operands.w().data().floats(), others, x);
    }
    Value bias = operands.bias();
    if (bias != null && bias.differentiated()) {
      Tensor both = bias.requiredGradient();
      biasSums.reduce(z, both.slice(0, width).floats(), 1f);
      biasSums.reduce(recurrentGradients().floats(), both.slice(width, width).floats(), 1f);
    }
    write(gradient, operands.initialHidden());
    finishBack();
  }

  /** Writes a state's gradient into that of an operand that has one. */
  static void write(float[] gradient, @Nullable Value operand) {
    if (operand != null && operand.differentiated()) {
      operand.requiredGradient().floats().put(0, gradient);
    }
  }
}
