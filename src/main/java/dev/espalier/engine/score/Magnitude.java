package dev.espalier.engine.score;

import dev.espalier.engine.graph.Tensor;
import java.nio.IntBuffer;

/**
 * {@code s = |w|} (Han et al. 2015, arXiv:1506.02626). The key is the weight's bits without the
 * sign: for finite IEEE 754 numbers their order is that of the absolute values.
 */
record Magnitude() implements Criterion {
  private static final int WITHOUT_SIGN = 0x7fff_ffff;

  @Override
  public Scores score(int ordinal, Tensor weights) {
    return new Bits(weights.size(), weights.bytes().asIntBuffer());
  }

  private record Bits(int size, IntBuffer bits) implements Scores {
    @Override
    public void keys(int from, int count, int[] into) {
      bits.get(from, into, 0, count);
      for (int i = 0; i < count; i++) {
        into[i] &= WITHOUT_SIGN;
      }
    }
  }
}
