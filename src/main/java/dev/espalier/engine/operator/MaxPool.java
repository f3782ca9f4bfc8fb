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
    return new Maximum(rows, columns, new int[planes * rows.output() * columns.output()]);
  }

  private static final class Maximum implements Reduction {
    private final Window rows;
    private final Window columns;

    /** Where each result came from, in its plane; −1 for a window wholly in the padding. */
    private final int[] sources;

    Maximum(Window rows, Window columns, int[] sources) {
      this.rows = rows;
      this.columns = columns;
      this.sources = sources;
    }

    @Override
    public void reduce(int plane, float[] input, float[] output) {
      int width = columns.input();
      int o = 0;
      for (int r = 0; r < rows.output(); r++) {
        int top = rows.start(r) + rows.first(r) * rows.dilation();
        int bottom = rows.start(r) + rows.end(r) * rows.dilation();
        for (int c = 0; c < columns.output(); c++) {
          int left = columns.start(c) + columns.first(c) * columns.dilation();
          int right = columns.start(c) + columns.end(c) * columns.dilation();
          float largest = Float.NEGATIVE_INFINITY;
          int source = -1;
          for (int y = top; y < bottom; y += rows.dilation()) {
            for (int x = left; x < right; x += columns.dilation()) {
              float value = input[y * width + x];
              if (value > largest || source < 0) {
                largest = value;
                source = y * width + x;
              }
            }
          }
          output[o] = largest;
          sources[plane * output.length + o++] = source;
        }
      }
    }

    @Override
    public void spread(int plane, float[] output, float[] input) {
      for (int o = 0; o < output.length; o++) {
        int source = sources[plane * output.length + o];
        if (source >= 0) {
          input[source] += output[o];
        }
      }
    }
  }
}
