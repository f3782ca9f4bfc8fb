package dev.espalier.engine.mask;

import dev.espalier.contract.Granularity;
import dev.espalier.engine.score.Scores;

/**
 * Which weights of one tensor go for the pattern N:M (Mishra et al. 2021, arXiv:2104.08378; Zhou et
 * al. 2021, arXiv:2102.04010): of every {@code m} consecutive inputs of an output, at the same
 * kernel position, {@code n} are kept, those with the highest scores. The last group of an axis
 * that {@code m} does not divide is one of {@code m} with zeros at its end.
 *
 * @param inputs the input axis
 * @param n kept of each group
 * @param m size of a group, at most 64
 */
record GroupPattern(Extent inputs, int n, int m) {
  private static final int CHUNK = 4096;
  private static final int WORD = 6;

  /** The pattern along the inputs of a matrix. */
  GroupPattern(Extent inputs, Granularity.NOfM pattern) {
    this(inputs, pattern.n(), pattern.m());
  }

  /**
   * The weights to remove in addition to what is gone: in each group the lowest scores until as
   * many are gone as the pattern asks for, ties by position. Where the criterion has too few
   * candidates in a group, all of them.
   *
   * @param mask what is still kept
   * @return a mask that keeps those to remove
   */
  Mask removable(Scores scores, Mask mask) {
    Picker picker = new Picker(scores, mask);
    int panel = inputs.size() * inputs.stride();
    for (int start = 0; start < mask.size(); start += panel) {
      if (inputs.stride() == 1) {
        picker.inARow(start);
      } else {
        for (int place = 0; place < inputs.size(); place += m) {
          picker.sideBySide(start + place * inputs.stride(), Math.min(m, inputs.size() - place));
        }
      }
    }
    return Mask.of(mask.size(), picker.bits);
  }

  private final class Picker {
    final long[] bits;
    private final Scores scores;
    private final Mask mask;
    private final boolean whole;
    private final int[][] keys;
    private final int[] row = new int[CHUNK];
    private final long[] values = new long[m];
    private final int[] ranks = new int[m];

    Picker(Scores scores, Mask mask) {
      this.scores = scores;
      this.mask = mask;
      this.bits = new long[(mask.size() + Long.SIZE - 1) >>> WORD];
      this.whole = mask.keptCount() == mask.size() && !scores.selective();
      this.keys = new int[inputs.stride() == 1 ? 0 : m][Math.min(inputs.stride(), CHUNK / m)];
    }

    /** The groups of one output, whose inputs are neighbours. */
    void inARow(int start) {
      int together = CHUNK / m * m;
      for (int place = 0; place < inputs.size(); place += together) {
        int count = Math.min(together, inputs.size() - place);
        scores.keys(start + place, count, row);
        for (int group = 0; group < count; group += m) {
          int at = start + place + group;
          int members = Math.min(m, count - group);
          if (whole && m == 4 && members == m) {
            set(at, lowest(row[group], row[group + 1], row[group + 2], row[group + 3]));
          } else {
            for (int i = 0; i < members; i++) {
              values[i] = value(row[group + i], at + i);
            }
            set(at, lowest(members));
          }
        }
      }
    }

    /** Groups of outputs that are neighbours. */
    void sideBySide(int start, int members) {
      int width = keys[0].length;
      for (int from = 0; from < inputs.stride(); from += width) {
        int count = Math.min(width, inputs.stride() - from);
        for (int i = 0; i < members; i++) {
          scores.keys(start + i * inputs.stride() + from, count, keys[i]);
        }
        for (int x = 0; x < count; x++) {
          int at = start + from + x;
          long lowest;
          if (whole && m == 4 && members == m) {
            lowest = lowest(keys[0][x], keys[1][x], keys[2][x], keys[3][x]);
          } else {
            for (int i = 0; i < members; i++) {
              values[i] = value(keys[i][x], at + i * inputs.stride());
            }
            lowest = lowest(members);
          }
          for (int i = 0; i < members; i++) {
            int position = at + i * inputs.stride();
            bits[position >>> WORD] |= ((lowest >>> i) & 1) << position;
          }
        }
      }
    }

    /** Lower than any score where a weight is gone, higher where it is no candidate. */
    private long value(int key, int position) {
      if (!mask.kept(position)) {
        return -1;
      }
      return key == Scores.NO_CANDIDATE && scores.selective()
          ? Long.MAX_VALUE
          : Integer.toUnsignedLong(key);
    }

    /** Bits of those of the first {@code members} values that go. */
    private long lowest(int members) {
      for (int i = 0; i < members; i++) {
        ranks[i] = 0;
      }
      for (int i = 0; i < members; i++) {
        for (int j = i + 1; j < members; j++) {
          int later = values[j] < values[i] ? 1 : 0;
          ranks[i] += later;
          ranks[j] += 1 - later;
        }
      }
      long lowest = 0;
      for (int i = 0; i < members; i++) {
        boolean goes = ranks[i] < members - n && values[i] >= 0 && values[i] != Long.MAX_VALUE;
        lowest |= (goes ? 1L : 0L) << i;
      }
      return lowest;
    }

    /** The same for four keys of weights that are all kept, which 2:4 makes the common case. */
    private long lowest(int a, int b, int c, int d) {
      long x = Integer.toUnsignedLong(a);
      long y = Integer.toUnsignedLong(b);
      long z = Integer.toUnsignedLong(c);
      long w = Integer.toUnsignedLong(d);
      int yx = below(y, x);
      int zx = below(z, x);
      int wx = below(w, x);
      int zy = below(z, y);
      int wy = below(w, y);
      int wz = below(w, z);
      int go = 4 - n;
      long first = below(yx + zx + wx, go);
      long second = below(1 - yx + zy + wy, go);
      long third = below(2 - zx - zy + wz, go);
      long fourth = below(3 - wx - wy - wz, go);
      return first | (second << 1) | (third << 2) | (fourth << 3);
    }

    /** 1 where a is below b, without a branch. */
    private int below(long a, long b) {
      return (int) ((a - b) >>> 63);
    }

    private void set(int at, long lowest) {
      bits[at >>> WORD] |= lowest << at;
      if ((at & 63) + m > Long.SIZE && (at & 63) != 0) {
        long rest = lowest >>> (Long.SIZE - (at & 63));
        if (rest != 0) {
          bits[(at >>> WORD) + 1] |= rest;
        }
      }
    }
  }
}
