package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__MaxPool.html">MaxPool</a> (its first output):
 * the largest element of each window, padding left out. The gradient goes to the first largest
 * element in row-major order.
 */
final class MaxPool extends Pooling {
  MaxPool(Site site) {
    super(site);
  }

  @Override
  Reduction reduction(Window rows, Window columns, int planes) {
    return new Maximum(rows, columns, planes);
  }

  private static final class Maximum implements Reduction {
    private final int width;
    private final int rowStep;
    private final int columnStep;
    private final int[] tops;
    private final int[] bottoms;
    private final int[] lefts;
    private final int[] rights;

    /** Where each result came from, in its plane. */
    private final int[] sources;

    Maximum(Window rows, Window columns, int planes) {
      width = columns.input();
      rowStep = rows.dilation() * width;
      columnStep = columns.dilation();
      tops = rows.each(r -> rows.from(r) * width);
      bottoms = rows.each(r -> rows.to(r) * width);
      lefts = columns.each(columns::from);
      rights = columns.each(columns::to);
      sources = new int[planes * rows.output() * columns.output()];
    }

    @Override
    public void reduce(int plane, float[] input, float[] output) {
      int o = 0;
      for (int r = 0; r < tops.length; r++) {
        for (int c = 0; c < lefts.length; c++) {
          // Which element wins is unpredictable: a maximum over (value, position) in one integer
          // needs no branch. Larger NaNs win, earlier positions break ties.
          long winner = Long.MIN_VALUE;
          for (int y = tops[r]; y < bottoms[r]; y += rowStep) {
            for (int x = lefts[c]; x < rights[c]; x += columnStep) {
              winner = Math.max(winner, (ordered(input[y + x]) << 32) | (~(y + x) & 0xFFFFFFFFL));
            }
          }
          int source = ~(int) winner;
          sources[plane * output.length + o] = source;
          output[o++] = input[source];
        }
      }
    }

    /** A float's bits as an integer that compares like the float. */
    private static long ordered(float value) {
      int bits = Float.floatToRawIntBits(value);
      return bits ^ ((bits >> 31) & 0x7FFFFFFF);
    }

    @Override
    public void spread(int plane, float[] output, float[] input) {
      for (int o = 0; o < output.length; o++) {
        input[sources[plane * output.length + o]] += output[o];
      }
    }
  }
}
