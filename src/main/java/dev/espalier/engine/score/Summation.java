package dev.espalier.engine.score;

/**
 * How the scores of weights that are removed as one add up, by way of their keys. The score of a
 * set is the sum of its members' scores: for magnitudes the L1 norm of a block (Mao et al. 2017,
 * arXiv:1705.08922, prune by that), for first-order estimates the estimate for removing all of
 * them.
 */
public enum Summation {
  /** Keys are the bits of scores that are not negative. */
  MAGNITUDES {
    @Override
    public double score(int key) {
      return Float.intBitsToFloat(key);
    }

    @Override
    public int key(double sum) {
      return Keys.ofMagnitude(sum);
    }
  },
  /** Keys are the bits of the scores' square roots. */
  SQUARES {
    @Override
    public double score(int key) {
      double root = Float.intBitsToFloat(key);
      return root * root;
    }

    @Override
    public int key(double sum) {
      return Keys.ofMagnitude(Math.sqrt(sum));
    }
  },
  /** Keys are images of scores with a sign. */
  SIGNED {
    @Override
    public double score(int key) {
      return Float.intBitsToFloat(key < 0 ? key & Integer.MAX_VALUE : ~key);
    }

    @Override
    public int key(double sum) {
      return Keys.ofSigned(sum);
    }
  },
  /** Keys are scores, as integers without sign. */
  INTEGERS {
    @Override
    public double score(int key) {
      return Integer.toUnsignedLong(key);
    }

    @Override
    public int key(double sum) {
      return Keys.ofMagnitude(sum);
    }
  };

  /** The score that a key of a single weight stands for, but for a factor all of them share. */
  public abstract double score(int key);

  /** The key of a sum of such scores; their order is that of the sums. */
  public abstract int key(double sum);
}
