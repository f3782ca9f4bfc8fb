package dev.espalier.engine.mask;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Another selection, after which every layer that lost something keeps a multiple of a number of
 * units: what hardware computes at once. Each layer first keeps what the selection would leave it,
 * rounded up; what is then missing is removed in whole multiples, first where most was rounded
 * away. So never more is removed than was asked for, and less only by what no multiple fits.
 *
 * <p>A layer that has fewer units than the multiple loses nothing.
 *
 * @param selection without rounding
 * @param multiple at least 1
 */
record RoundedSelection(Selection selection, int multiple) implements Selection {
  @Override
  public void removeMore(List<Layer> layers, long count) {
    List<Layer> trial = layers.stream().map(Layer::copy).toList();
    selection.removeMore(trial, count);
    long[] rounded = new long[layers.size()];
    long[] quota = new long[layers.size()];
    long left = count;
    for (int l = 0; l < quota.length; l++) {
      Layer layer = layers.get(l);
      quota[l] = layer.kept() - Math.min(layer.kept(), roundedUp(trial.get(l).kept(), multiple));
      rounded[l] = layer.kept() - trial.get(l).kept() - quota[l];
      left -= quota[l];
    }
    List<Integer> order =
        IntStream.range(0, quota.length)
            .boxed()
            .sorted(Comparator.comparingLong(l -> -rounded[l]))
            .toList();
    boolean progress = true;
    while (progress) {
      progress = false;
      for (int l : order) {
        long more = step(layers.get(l).kept() - quota[l]);
        if (more > 0 && more <= left && quota[l] + more <= layers.get(l).removable()) {
          quota[l] += more;
          left -= more;
          progress = true;
        }
      }
    }
    for (int l = 0; l < quota.length; l++) {
      List<Candidates> tensors = layers.get(l).tensors();
      if (quota[l] > 0) {
        ThresholdSelection.lowest(tensors, quota[l]).removeFrom(tensors);
      }
    }
  }

  /** What a layer that keeps {@code kept} loses at the least; 0 when it cannot lose anything. */
  private long step(long kept) {
    long more = kept % multiple == 0 ? multiple : kept % multiple;
    return kept > more ? more : 0;
  }

  static long roundedUp(long value, int multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }
}
