package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/** The simple recurrent network (Elman 1990): H′ = f(X·Wᵀ + H·Rᵀ + Wb + Rb). */
final class RnnRecurrence extends Recurrence {
  private final CellFunction f;
  private final List<FloatBuffer> gatesAt;
  private final List<FloatBuffer> statesAt;
  private final float[] z;
  private final float[] bias;

  /** Binds one direction. */
  RnnRecurrence(RecurrentOperands operands, RecurrentResults results, CellFunction function) {
    super(operands, results, 1);
    this.f = function;
    this.gatesAt = slots(gates);
    this.statesAt = slots(states);
    this.z = new float[batch * hidden];
    this.bias = new float[hidden];
  }

  @Override
  void start() {
    operands.sumBiases(bias);
  }

  @Override
  void advance(int time) {
    FloatBuffer slot = gatesAt.get(time);
    FloatBuffer r = operands.r().data().floats();
    Blas.gemm(false, true, batch, hidden, hidden, 1f, statesAt.get(before(time)), r, 1f, slot);
    slot.get(0, z);
    for (int sample = 0; sample < batch; sample++) {
      int at = sample * hidden;
      if (lasts(sample, time)) {
        for (int k = 0; k < hidden; k++) {
          next[at + k] = z[at + k] + bias[k];
        }
        f.apply(next, at, at + hidden);
      } else {
        System.arraycopy(previous, at, next, at, hidden);
      }
    }
  }

  @Override
  void retreat(int time) {
    for (int sample = 0; sample < batch; sample++) {
      int at = sample * hidden;
      if (lasts(sample, time)) {
        for (int k = at; k < at + hidden; k++) {
          z[k] = gradient[k] * f.slopeAt(next[k]);
          gradient[k] = 0;
        }
      } else {
        Arrays.fill(z, at, at + hidden, 0f);
      }
    }
    gatesAt.get(time).put(0, z);
  }

  @Override
  Tensor recurrentGradients() {
    return gates;
  }
}
