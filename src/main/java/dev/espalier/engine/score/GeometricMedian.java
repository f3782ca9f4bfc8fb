package dev.espalier.engine.score;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code s = Σ ‖F − F'‖₂ / mean}, the sum over the other filters F' of the group that are still
 * kept: filters near the geometric median of all can be replaced by the others (He et al. 2019,
 * arXiv:1811.00250, equation 8). The sums are relative to their mean over the group, so that groups
 * can be compared, which the paper, pruning every layer alike, does not. A filter is the kernel
 * that computes a channel, without bias; where several layers write the same channels, F is their
 * kernels side by side. A group without such kernels is left alone.
 *
 * <p>Takes time C²·n/2 and memory C·n for C channels of n weights.
 */
record GeometricMedian() implements ChannelCriterion {
  private static final int LANES = 4;

  @Override
  public boolean applies(Channels channels) {
    return !channels.of(ChannelPart.Role.FILTER).isEmpty();
  }

  @Override
  public Scores score(int ordinal, Channels channels) {
    if (!applies(channels)) {
      return KeyArray.noCandidates(channels.count());
    }
    float[] @Nullable [] filters = filters(channels);
    double[] sums = new double[filters.length];
    for (int a = 0; a < filters.length; a++) {
      for (int b = a + 1; b < filters.length; b++) {
        if (filters[a] != null && filters[b] != null) {
          double distance = distance(filters[a], filters[b]);
          sums[a] += distance;
          sums[b] += distance;
        }
      }
    }
    return KeyArray.of(Keys::ofMagnitude, channels.relativeToMean(sums));
  }

  /** A row per channel that is kept. */
  private static float[] @Nullable [] filters(Channels channels) {
    List<ChannelPart> parts = channels.of(ChannelPart.Role.FILTER);
    int[] sizes = new int[channels.count()];
    parts.forEach(part -> part.addCounts(sizes));
    float[] @Nullable [] rows = new float[channels.count()][];
    for (int c = 0; c < rows.length; c++) {
      rows[c] = channels.kept().test(c) ? new float[sizes[c]] : null;
    }
    int[] starts = new int[channels.count()];
    parts.forEach(part -> part.copyTo(rows, starts));
    return rows;
  }

  /** Euclidean; of filters of different size, the larger one's rest counts as it is. */
  private static double distance(float[] a, float[] b) {
    float[] longer = a.length >= b.length ? a : b;
    float[] shorter = a.length >= b.length ? b : a;
    double[] sums = new double[LANES];
    for (int i = 0; i < longer.length; i++) {
      double difference = longer[i] - (i < shorter.length ? (double) shorter[i] : 0);
      sums[i % LANES] += difference * difference;
    }
    return Math.sqrt(sums[0] + sums[1] + sums[2] + sums[3]);
  }
}
