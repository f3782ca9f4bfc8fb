package dev.espalier.engine.score;

import dev.espalier.engine.graph.Weights;
import org.jspecify.annotations.Nullable;

/**
 * Uniform scores that depend on seed, tensor and position alone: the control every comparison
 * needs. A weight keeps its score from step to step, so that masks stay monotone.
 *
 * @param seed of the job
 */
record RandomScore(long seed) implements Criterion {
  /** Increment of SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195). */
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  @Override
  public Scores score(int ordinal, Weights weights, @Nullable Evidence evidence) {
    return of(seed, ordinal, weights.size());
  }

  /** Scores of {@code size} units. */
  static Scores of(long seed, int ordinal, int size) {
    return new Hashes(size, mix(seed + GOLDEN_GAMMA * (ordinal + 1)));
  }

  private record Hashes(int size, long state) implements Scores {
    @Override
    public Summation summation() {
      return Summation.INTEGERS;
    }

    @Override
    public void keys(int from, int count, int[] into) {
      for (int i = 0; i < count; i++) {
        into[i] = (int) (mix(state + GOLDEN_GAMMA * (from + i + 1L)) >>> Integer.SIZE);
      }
    }
  }

  /** SplitMix64's output function. */
  private static long mix(long z) {
    long a = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ a >>> 27) * 0x94d049bb133111ebL;
    return b ^ b >>> 31;
  }
}
