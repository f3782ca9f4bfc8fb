package dev.espalier.engine.metric;

/**
 * Macro-averaged F1: the unweighted mean over classes of 2·TP / (2·TP + FP + FN) (van Rijsbergen
 * 1979; averaged as in Opitz and Burst 2019, arXiv 1911.03347, "averaged F1"). Of classes, those
 * that occur among targets or predictions count; of labels all do, with 0 for one that never
 * occurs.
 */
final class F1 implements Meter {
  private final Head head;
  private final boolean labels;
  private final int[][] cells;
  private int classes;

  private F1(int samples, Head head, boolean labels) {
    this.head = head;
    this.labels = labels;
    this.cells = new int[samples][];
  }

  static F1 ofClasses(int samples, Head head) {
    return new F1(samples, head, false);
  }

  static F1 ofLabels(int samples, Head head) {
    return new F1(samples, head, true);
  }

  @Override
  public void add(int place, float[] output, float[] target) {
    classes = labels ? output.length : Math.max(2, output.length);
    cells[place] = labels ? labels(output, target) : classes((int) target[0], head.decide(output));
  }

  private static int[] classes(int wanted, int decided) {
    if (wanted == decided) {
      return new int[] {Tally.right(wanted)};
    }
    return decided < 0
        ? new int[] {Tally.wrong(wanted)}
        : new int[] {Tally.wrong(wanted), Tally.wrong(decided)};
  }

  private int[] labels(float[] output, float[] target) {
    int[] found = new int[output.length];
    int count = 0;
    for (int label = 0; label < output.length; label++) {
      boolean wanted = target[label] > 0.5f;
      boolean decided = Float.isNaN(output[label]) ? !wanted : head.positive(output[label]);
      if (wanted || decided) {
        found[count++] = wanted && decided ? Tally.right(label) : Tally.wrong(label);
      }
    }
    return java.util.Arrays.copyOf(found, count);
  }

  @Override
  public Measurement measurement() {
    return new Tally(cells, classes, labels);
  }

  /** Counts per class; each sample adds to the few cells that it concerns. */
  private static final class Tally implements Measurement {
    private final int[][] cells;
    private final boolean all;
    private final long[] whole;

    Tally(int[][] cells, int classes, boolean all) {
      this.cells = cells;
      this.all = all;
      this.whole = new long[2 * classes];
      for (int[] cell : cells) {
        add(whole, cell, 1);
      }
    }

    static int right(int label) {
      return 2 * label;
    }

    static int wrong(int label) {
      return 2 * label + 1;
    }

    private static void add(long[] counts, int[] cell, int times) {
      for (int index : cell) {
        counts[index] += times;
      }
    }

    private double mean(long[] counts) {
      double sum = 0;
      int present = 0;
      for (int i = 0; i < counts.length; i += 2) {
        long all = 2 * counts[i] + counts[i + 1];
        if (all > 0) {
          present++;
          sum += 2.0 * counts[i] / all;
        }
      }
      return sum / (all ? counts.length / 2 : present);
    }

    @Override
    public int samples() {
      return cells.length;
    }

    @Override
    public double value() {
      return mean(whole);
    }

    @Override
    public double value(int[] counts) {
      long[] resampled = new long[whole.length];
      for (int i = 0; i < cells.length; i++) {
        if (counts[i] > 0) {
          add(resampled, cells[i], counts[i]);
        }
      }
      return mean(resampled);
    }

    @Override
    public double without(int sample) {
      add(whole, cells[sample], -1);
      double value = mean(whole);
      add(whole, cells[sample], 1);
      return value;
    }
  }
}
