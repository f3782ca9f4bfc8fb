package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The gated recurrent unit (Cho et al. 2014, arXiv:1406.1078), gates in ONNX's order z, r, h, with
 * x = X·Wᵀ + Wb and, gate by gate, u = H·Rᵀ + Rb: z = f(x_z + u_z), r = f(x_r + u_r), H′ = (1 −
 * z)⊙h̃ + z⊙H. The candidate h̃ is g(x_h + (r⊙H)·R_hᵀ + Rb_h), or g(x_h + r⊙u_h) when the reset
 * gate is applied after the product ({@code linear_before_reset}, as cuDNN and PyTorch do).
 */
final class GruRecurrence extends Recurrence {
  private static final int GATES = 3;

  private final CellFunction f;
  private final CellFunction g;
  private final boolean resetAfter;
  private final Tensor recurrent;
  private final Tensor reset;
  private final Tensor candidates;
  private final Tensor product;
  private final List<FloatBuffer> gatesAt;
  private final List<FloatBuffer> statesAt;
  private final List<FloatBuffer> recurrentAt;
  private final List<FloatBuffer> resetAt;
  private final List<FloatBuffer> candidatesAt;
  private final float[] z;
  private final float[] u;
  private final float[] scratch;
  private final float[] bias;

  /**
   * Binds one direction.
   *
   * @param functions f and g
   * @param resetAfter ONNX's {@code linear_before_reset}
   */
  GruRecurrence(
      RecurrentOperands operands,
      RecurrentResults results,
      List<CellFunction> functions,
      boolean resetAfter) {
    super(operands, results, GATES);
    this.f = functions.get(0);
    this.g = functions.get(1);
    this.resetAfter = resetAfter;
    this.recurrent = Tensor.zeros(DataType.FLOAT, steps, batch, (long) GATES * hidden);
    this.reset = Tensor.zeros(DataType.FLOAT, steps, batch, hidden);
    this.candidates = Tensor.zeros(DataType.FLOAT, steps, batch, hidden);
    this.product = Tensor.zeros(DataType.FLOAT, batch, hidden);
    this.gatesAt = slots(gates);
    this.statesAt = slots(states);
    this.recurrentAt = slots(recurrent);
    this.resetAt = slots(reset);
    this.candidatesAt = slots(candidates);
    this.z = new float[batch * GATES * hidden];
    this.u = new float[batch * GATES * hidden];
    this.scratch = new float[batch * hidden];
    this.bias = new float[2 * GATES * hidden];
  }

  @Override
  void start() {
    Value both = operands.bias();
    if (both != null) {
      both.data().floats().get(0, bias);
    }
  }

  /** The rows of the recurrent weights that make the candidate. */
  private static Tensor candidateRows(Tensor r) {
    int hidden = (int) r.dimension(1);
    return r.slice(2 * hidden * hidden, hidden, hidden);
  }

  @Override
  void advance(int time) {
    FloatBuffer slot = recurrentAt.get(time);
    FloatBuffer r = operands.r().data().floats();
    int width = GATES * hidden;
    Blas.gemm(false, true, batch, width, hidden, 1f, statesAt.get(before(time)), r, 0f, slot);
    gatesAt.get(time).get(0, z);
    slot.get(0, u);
    for (int at = 0; at < z.length; at += width) {
      for (int k = 0; k < width; k++) {
        z[at + k] += bias[k];
        u[at + k] += bias[width + k];
      }
      for (int k = at; k < at + 2 * hidden; k++) {
        z[k] += u[k];
      }
      f.apply(z, at, at + 2 * hidden);
    }
    if (!resetAfter) {
      resetBefore(time);
    }
    for (int sample = 0; sample < batch; sample++) {
      step(sample, lasts(sample, time));
    }
    gatesAt.get(time).put(0, z);
    slot.put(0, u);
  }

  /** Puts (r⊙H)·R_hᵀ + Rb_h in the place of u_h. */
  private void resetBefore(int time) {
    int width = GATES * hidden;
    for (int sample = 0; sample < batch; sample++) {
      for (int k = 0; k < hidden; k++) {
        int place = sample * hidden + k;
        scratch[place] = z[sample * width + hidden + k] * previous[place];
      }
    }
    resetAt.get(time).put(0, scratch);
    FloatBuffer r = candidateRows(operands.r().data()).floats();
    Blas.gemm(false, true, batch, hidden, hidden, 1f, resetAt.get(time), r, 0f, product.floats());
    product.floats().get(0, scratch);
    for (int sample = 0; sample < batch; sample++) {
      for (int k = 0; k < hidden; k++) {
        u[sample * width + 2 * hidden + k] =
            scratch[sample * hidden + k] + bias[width + 2 * hidden + k];
      }
    }
  }

  private void step(int sample, boolean lasts) {
    int at = sample * GATES * hidden;
    int candidate = at + 2 * hidden;
    for (int k = 0; k < hidden; k++) {
      float byState = u[candidate + k];
      z[candidate + k] += resetAfter ? z[at + hidden + k] * byState : byState;
    }
    g.apply(z, candidate, candidate + hidden);
    for (int k = 0; k < hidden; k++) {
      int place = sample * hidden + k;
      float update = z[at + k];
      float moved = (1 - update) * z[candidate + k] + update * previous[place];
      next[place] = lasts ? moved : previous[place];
    }
  }

  @Override
  void retreat(int time) {
    gatesAt.get(time).get(0, z);
    recurrentAt.get(time).get(0, u);
    for (int sample = 0; sample < batch; sample++) {
      int at = sample * GATES * hidden;
      if (lasts(sample, time)) {
        stepBack(sample, at);
      } else {
        Arrays.fill(z, at, at + GATES * hidden, 0f);
        Arrays.fill(u, at, at + GATES * hidden, 0f);
        Arrays.fill(scratch, sample * hidden, (sample + 1) * hidden, 0f);
      }
    }
    if (!resetAfter) {
      resetBeforeBack(time);
    }
    gatesAt.get(time).put(0, z);
    recurrentAt.get(time).put(0, u);
  }

  /** Gates become the gradients of x, and u those of itself as far as they go through products. */
  private void stepBack(int sample, int at) {
    for (int k = 0; k < hidden; k++) {
      int place = sample * hidden + k;
      float update = z[at + k];
      float candidate = z[at + 2 * hidden + k];
      float resetGate = z[at + hidden + k];
      float byUpdate = gradient[place] * (previous[place] - candidate) * f.slopeAt(update);
      float byCandidate = gradient[place] * (1 - update) * g.slopeAt(candidate);
      z[at + k] = byUpdate;
      u[at + k] = byUpdate;
      z[at + 2 * hidden + k] = byCandidate;
      scratch[place] = byCandidate;
      gradient[place] *= update;
      if (resetAfter) {
        float byReset = byCandidate * u[at + 2 * hidden + k] * f.slopeAt(resetGate);
        z[at + hidden + k] = byReset;
        u[at + hidden + k] = byReset;
        u[at + 2 * hidden + k] = byCandidate * resetGate;
      }
    }
  }

  private void resetBeforeBack(int time) {
    candidatesAt.get(time).put(0, scratch);
    FloatBuffer r = candidateRows(operands.r().data()).floats();
    Blas.gemm(
        false, false, batch, hidden, hidden, 1f, candidatesAt.get(time), r, 0f, product.floats());
    product.floats().get(0, scratch);
    for (int sample = 0; sample < batch; sample++) {
      int at = sample * GATES * hidden + hidden;
      for (int k = 0; k < hidden; k++) {
        int place = sample * hidden + k;
        if (lasts(sample, time)) {
          float resetGate = z[at + k];
          float byReset = scratch[place] * previous[place] * f.slopeAt(resetGate);
          z[at + k] = byReset;
          u[at + k] = byReset;
          gradient[place] += scratch[place] * resetGate;
        }
        u[at + hidden + k] = 0;
      }
    }
  }

  @Override
  Tensor recurrentGradients() {
    return recurrent;
  }

  @Override
  void finishBack() {
    if (resetAfter) {
      return;
    }
    int rows = steps * batch;
    FloatBuffer byCandidate = candidates.floats();
    if (operands.r().differentiated()) {
      FloatBuffer r = candidateRows(operands.r().requiredGradient()).floats();
      Blas.gemm(true, false, hidden, hidden, rows, 1f, byCandidate, reset.floats(), 0f, r);
    }
    Value both = operands.bias();
    if (both != null && both.differentiated()) {
      Broadcast sums = Broadcast.of(new long[] {hidden}, new long[] {rows, hidden});
      int at = (2 * GATES - 1) * hidden;
      sums.reduce(byCandidate, both.requiredGradient().slice(at, hidden).floats(), 1f);
    }
  }
}
