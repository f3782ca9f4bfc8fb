package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The long short-term memory without peepholes (Hochreiter and Schmidhuber 1997,
 * doi:10.1162/neco.1997.9.8.1735; forget gate: Gers et al. 2000), gates in ONNX's order i, o, f, c
 * with a = X·Wᵀ + H·Rᵀ + Wb + Rb: i = f(aᵢ), o = f(aₒ), f = f(a_f) or 1 − i when the two are
 * coupled, c̃ = g(a_c), C′ = f⊙C + i⊙c̃, H′ = o⊙h(C′).
 */
final class LstmRecurrence extends Recurrence {
  private static final int GATES = 4;

  private final CellFunction f;
  private final CellFunction g;
  private final CellFunction h;
  private final boolean coupled;
  private final RecurrentResults results;
  private final Tensor cells;
  private final Tensor squashed;
  private final List<FloatBuffer> gatesAt;
  private final List<FloatBuffer> statesAt;
  private final List<FloatBuffer> cellsAt;
  private final List<FloatBuffer> squashedAt;
  private final float[] z;
  private final float[] bias;
  private final float[] cell;
  private final float[] nextCell;
  private final float[] cellGradient;

  /**
   * Binds one direction.
   *
   * @param functions f, g and h
   * @param coupled whether the forget gate is 1 − i
   */
  LstmRecurrence(
      RecurrentOperands operands,
      RecurrentResults results,
      List<CellFunction> functions,
      boolean coupled) {
    super(operands, results, GATES);
    this.f = functions.get(0);
    this.g = functions.get(1);
    this.h = functions.get(2);
    this.coupled = coupled;
    this.results = results;
    this.cells = Tensor.zeros(DataType.FLOAT, steps + 1, batch, hidden);
    this.squashed = Tensor.zeros(DataType.FLOAT, steps, batch, hidden);
    this.gatesAt = slots(gates);
    this.statesAt = slots(states);
    this.cellsAt = slots(cells);
    this.squashedAt = slots(squashed);
    this.z = new float[batch * GATES * hidden];
    this.bias = new float[GATES * hidden];
    this.cell = new float[batch * hidden];
    this.nextCell = new float[batch * hidden];
    this.cellGradient = new float[batch * hidden];
  }

  @Override
  void start() {
    operands.sumBiases(bias);
    Value initial = operands.initialCell();
    if (initial != null) {
      cellsAt.get(first()).put(0, initial.data().floats(), 0, batch * hidden);
    }
  }

  @Override
  void advance(int time) {
    FloatBuffer slot = gatesAt.get(time);
    FloatBuffer r = operands.r().data().floats();
    int width = GATES * hidden;
    Blas.gemm(false, true, batch, width, hidden, 1f, statesAt.get(before(time)), r, 1f, slot);
    slot.get(0, z);
    cellsAt.get(before(time)).get(0, cell);
    for (int sample = 0; sample < batch; sample++) {
      if (lasts(sample, time)) {
        step(sample);
      } else {
        System.arraycopy(previous, sample * hidden, next, sample * hidden, hidden);
        System.arraycopy(cell, sample * hidden, nextCell, sample * hidden, hidden);
      }
    }
    slot.put(0, z);
    cellsAt.get(after(time)).put(0, nextCell);
    squash(time);
  }

  private void step(int sample) {
    int at = sample * GATES * hidden;
    for (int k = 0; k < bias.length; k++) {
      z[at + k] += bias[k];
    }
    f.apply(z, at, at + 3 * hidden);
    g.apply(z, at + 3 * hidden, at + GATES * hidden);
    for (int k = 0; k < hidden; k++) {
      float input = z[at + k];
      if (coupled) {
        z[at + 2 * hidden + k] = 1 - input;
      }
      float forget = z[at + 2 * hidden + k];
      int place = sample * hidden + k;
      nextCell[place] = forget * cell[place] + input * z[at + 3 * hidden + k];
    }
  }

  private void squash(int time) {
    h.apply(nextCell, 0, nextCell.length);
    squashedAt.get(time).put(0, nextCell);
    for (int sample = 0; sample < batch; sample++) {
      if (lasts(sample, time)) {
        int output = (sample * GATES + 1) * hidden;
        for (int k = 0; k < hidden; k++) {
          next[sample * hidden + k] = z[output + k] * nextCell[sample * hidden + k];
        }
      }
    }
  }

  @Override
  void finish() {
    if (results.lastCell() != null) {
      results.lastCell().data().floats().put(cellsAt.get(last()).duplicate());
    }
  }

  @Override
  void startBack() {
    Arrays.fill(cellGradient, 0f);
    if (results.lastCell() != null && results.lastCell().differentiated()) {
      results.lastCell().requiredGradient().floats().get(0, cellGradient);
    }
  }

  @Override
  void retreat(int time) {
    FloatBuffer slot = gatesAt.get(time);
    slot.get(0, z);
    cellsAt.get(before(time)).get(0, cell);
    squashedAt.get(time).get(0, nextCell);
    for (int sample = 0; sample < batch; sample++) {
      int at = sample * GATES * hidden;
      if (lasts(sample, time)) {
        stepBack(sample, at);
      } else {
        Arrays.fill(z, at, at + GATES * hidden, 0f);
      }
    }
    slot.put(0, z);
  }

  /** Gates become their gradients; {@link #nextCell} holds h(C′). */
  private void stepBack(int sample, int at) {
    for (int k = 0; k < hidden; k++) {
      int place = sample * hidden + k;
      float input = z[at + k];
      float output = z[at + hidden + k];
      float forget = z[at + 2 * hidden + k];
      float candidate = z[at + 3 * hidden + k];
      float byHidden = gradient[place];
      float byCell = cellGradient[place] + byHidden * output * h.slopeAt(nextCell[place]);
      float byForget = byCell * cell[place];
      float byInput = byCell * candidate - (coupled ? byForget : 0);
      z[at + k] = byInput * f.slopeAt(input);
      z[at + hidden + k] = byHidden * nextCell[place] * f.slopeAt(output);
      z[at + 2 * hidden + k] = coupled ? 0 : byForget * f.slopeAt(forget);
      z[at + 3 * hidden + k] = byCell * input * g.slopeAt(candidate);
      cellGradient[place] = byCell * forget;
      gradient[place] = 0;
    }
  }

  @Override
  Tensor recurrentGradients() {
    return gates;
  }

  @Override
  void finishBack() {
    write(cellGradient, operands.initialCell());
  }
}
