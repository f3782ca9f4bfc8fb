package dev.espalier.engine.mask;

import dev.espalier.contract.Granularity;
import dev.espalier.engine.score.Scores;
import dev.espalier.engine.score.Summation;
import java.util.BitSet;

/**
 * The blocks of one tensor, with scores of their own. The score of a block is the sum of its
 * members' scores (for magnitudes the L1 norm: Mao et al. 2017, arXiv:1705.08922), those already
 * removed counting as zero. One that is cut off by the matrix's edge has fewer members and would
 * have a lower sum for that alone, so its sum is scaled to a whole block's. A block is a candidate
 * when all its members are that are still kept.
 */
final class Blocks implements Scores {
  private static final int CHUNK = 4096;

  private final BlockGrid grid;
  private final Mask weights;
  private final Mask kept;
  private final int[] members;
  private final int[] keys;
  private final boolean selective;
  private final int[] blocks = new int[CHUNK];

  /**
   * The blocks of a tensor.
   *
   * @param scores of its weights
   * @param weights which of them are still kept; {@link #apply()} removes from it
   */
  Blocks(BlockGrid grid, Granularity.Block block, Scores scores, Mask weights) {
    this.grid = grid;
    this.weights = weights;
    this.selective = scores.selective();
    this.members = new int[grid.size()];
    this.kept = Mask.keepAll(grid.size());
    BitSet spared = new BitSet();
    double[] sums = sums(scores, spared);
    Summation summation = scores.summation();
    double whole = (double) block.rows() * block.columns();
    this.keys = new int[grid.size()];
    for (int b = 0; b < keys.length; b++) {
      keys[b] = spared.get(b) ? NO_CANDIDATE : summation.key(sums[b] * (whole / grid.members(b)));
      if (members[b] == 0) {
        kept.remove(b);
      }
    }
  }

  /** Sums by block; counts the members still kept. */
  private double[] sums(Scores scores, BitSet spared) {
    Summation summation = scores.summation();
    double[] sums = new double[grid.size()];
    int[] scored = new int[CHUNK];
    for (int from = 0; from < weights.size(); from += CHUNK) {
      int count = Math.min(CHUNK, weights.size() - from);
      scores.keys(from, count, scored);
      grid.blocks(from, count, blocks);
      for (int i = 0; i < count; i++) {
        if (weights.kept(from + i)) {
          members[blocks[i]]++;
          sums[blocks[i]] += summation.score(scored[i]);
          if (selective && scored[i] == NO_CANDIDATE) {
            spared.set(blocks[i]);
          }
        }
      }
    }
    return sums;
  }

  /** Which blocks are kept; selection removes from it. */
  Mask kept() {
    return kept;
  }

  /** Number of weights that are kept. */
  long keptWeights() {
    long count = 0;
    for (int b = 0; b < members.length; b++) {
      count += kept.kept(b) ? members[b] : 0;
    }
    return count;
  }

  /** Most weights that the removal of one block removes; 0 when none is left. */
  int largest() {
    int largest = 0;
    for (int b = 0; b < members.length; b++) {
      largest = Math.max(largest, kept.kept(b) ? members[b] : 0);
    }
    return largest;
  }

  /** Removes the weights of the blocks that are gone. */
  void apply() {
    for (int from = 0; from < weights.size(); from += CHUNK) {
      int count = Math.min(CHUNK, weights.size() - from);
      grid.blocks(from, count, blocks);
      for (int i = 0; i < count; i++) {
        if (!kept.kept(blocks[i])) {
          weights.remove(from + i);
        }
      }
    }
  }

  @Override
  public int size() {
    return keys.length;
  }

  @Override
  public boolean selective() {
    return selective;
  }

  @Override
  public void keys(int from, int count, int[] into) {
    System.arraycopy(keys, from, into, 0, count);
  }
}
