package dev.espalier.engine.compress;

import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Weights that share a few values: one-dimensional k-means over the weights that are not zero
 * (trained quantisation of Han et al. 2016, arXiv:1510.00149, section 3, without its retraining).
 * Zero is no centroid; it stays what it is.
 *
 * <p>Centroids start at even distances over the range of the weights, which that paper found to
 * serve large weights best, for each sign apart: between the signs lies the gap that pruning left,
 * where they would be wasted. Signs share the centroids in proportion to their weights. Lloyd's
 * iteration (1982, doi:10.1109/TIT.1982.1056489) on sorted weights with prefix sums then takes a
 * few binary searches a round; nothing in it is random. A weight halfway between two centroids
 * takes the lower one.
 */
final class Codebook {
  private static final int MOST_ROUNDS = 300;

  /** Centroids for tensors of two axes: 4 bits. */
  private static final int MATRIX_VALUES = 16;

  /** For convolutions and recurrent layers, which are smaller and suffer more: 5 bits. */
  private static final int OTHER_VALUES = 32;

  private Codebook() {}

  /** Centroids that a kernel gets. */
  static int valuesFor(Tensor kernel) {
    return kernel.rank() <= 2 ? MATRIX_VALUES : OTHER_VALUES;
  }

  /**
   * Replaces finite float weights by centroids. Subnormal weights become zero; weights that have no
   * more values than allowed stay.
   *
   * @param most centroids, at least 2
   */
  static Tensor quantize(Tensor real, int most) {
    float[] weights = real.toFloats();
    int kept = 0;
    float[] sorted = new float[weights.length];
    for (float weight : weights) {
      if (Math.abs(weight) >= Float.MIN_NORMAL) {
        sorted[kept++] = weight;
      }
    }
    sorted = Arrays.copyOf(sorted, kept);
    Arrays.sort(sorted);
    float[] centroids = centroids(sorted, most);
    Tensor quantized = real.copy();
    FloatBuffer out = quantized.floats();
    float[] borders = borders(centroids);
    for (float weight : weights) {
      out.put(Math.abs(weight) < Float.MIN_NORMAL ? 0 : centroids[above(borders, weight)]);
    }
    return quantized;
  }

  private static float[] centroids(float[] sorted, int most) {
    float[] distinct = distinct(sorted, most);
    if (distinct.length <= most) {
      return distinct;
    }
    int negative = -1 - Arrays.binarySearch(sorted, 0f);
    int positive = sorted.length - negative;
    int share = (int) Math.round((double) most * negative / sorted.length);
    int below = Math.max(negative > 0 ? 1 : 0, Math.min(share, most - (positive > 0 ? 1 : 0)));
    float[] centroids = Arrays.copyOf(means(sorted, 0, negative, below), most);
    System.arraycopy(
        means(sorted, negative, sorted.length, most - below), 0, centroids, below, most - below);
    return centroids;
  }

  /** The distinct values, or one more than {@code most} of them. */
  private static float[] distinct(float[] sorted, int most) {
    float[] distinct = new float[most + 1];
    int count = 0;
    for (int i = 0; i < sorted.length && count <= most; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        distinct[count++] = sorted[i];
      }
    }
    return Arrays.copyOf(distinct, count);
  }

  /** Lloyd's iteration for {@code count} centroids of a run of sorted weights, ascending. */
  private static float[] means(float[] sorted, int from, int to, int count) {
    if (count == 0) {
      return new float[0];
    }
    double[] sums = new double[to - from + 1];
    for (int i = from; i < to; i++) {
      sums[i - from + 1] = sums[i - from] + sorted[i];
    }
    float[] centroids = new float[count];
    double first = sorted[from];
    double step = (sorted[to - 1] - first) / count;
    for (int c = 0; c < count; c++) {
      centroids[c] = (float) (first + (c + 0.5) * step);
    }
    for (int round = 0; round < MOST_ROUNDS; round++) {
      float[] borders = borders(centroids);
      float[] next = centroids.clone();
      int start = from;
      for (int c = 0; c < count; c++) {
        int end = c + 1 == count ? to : firstAbove(sorted, start, to, borders[c]);
        if (end > start) {
          next[c] = (float) ((sums[end - from] - sums[start - from]) / (end - start));
        }
        start = end;
      }
      if (Arrays.equals(next, centroids)) {
        break;
      }
      centroids = next;
    }
    return centroids;
  }

  private static float[] borders(float[] centroids) {
    float[] borders = new float[Math.max(0, centroids.length - 1)];
    for (int c = 0; c < borders.length; c++) {
      borders[c] = (float) (((double) centroids[c] + centroids[c + 1]) / 2);
    }
    return borders;
  }

  /** How many borders a weight lies above. */
  private static int above(float[] borders, float weight) {
    return firstAbove(borders, 0, borders.length, weight, true);
  }

  /** Index of the first of sorted numbers that exceeds {@code bound}. */
  private static int firstAbove(float[] sorted, int from, int to, float bound) {
    return firstAbove(sorted, from, to, bound, false);
  }

  private static int firstAbove(float[] sorted, int from, int to, float bound, boolean orEqual) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      boolean isAbove = orEqual ? sorted[middle] >= bound : sorted[middle] > bound;
      if (isAbove) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
