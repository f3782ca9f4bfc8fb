package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__AveragePool.html">AveragePool</a>: the mean of
 * each window. Padding counts as zeros with {@code count_include_pad} and is left out otherwise;
 * what {@code ceil_mode} adds beyond the padding never counts.
 */
final class AveragePool extends Pooling {
  private final boolean includePadding;

  AveragePool(Site site) {
    super(site);
    this.includePadding = site.node().integer("count_include_pad", 0) != 0;
  }

  @Override
  Reduction reduction(Window rows, Window columns, int planes) {
    return new Mean(rows, columns, includePadding);
  }

  private record Mean(Window rows, Window columns, boolean includePadding) implements Reduction {

    private float taps(int r, int c) {
      return includePadding
          ? rows.paddedTaps(r) * columns.paddedTaps(c)
          : rows.taps(r) * columns.taps(c);
    }

    @Override
    public void reduce(int plane, float[] input, float[] output) {
      int o = 0;
      for (int r = 0; r < rows.output(); r++) {
        for (int c = 0; c < columns.output(); c++) {
          float sum = 0;
          for (int y = rows.from(r); y < rows.to(r); y += rows.dilation()) {
            for (int x = columns.from(c); x < columns.to(c); x += columns.dilation()) {
              sum += input[y * columns.input() + x];
            }
          }
          output[o++] = sum / taps(r, c);
        }
      }
    }

    @Override
    public void spread(int plane, float[] output, float[] input) {
      int o = 0;
      for (int r = 0; r < rows.output(); r++) {
        for (int c = 0; c < columns.output(); c++) {
          float share = output[o++] / taps(r, c);
          for (int y = rows.from(r); y < rows.to(r); y += rows.dilation()) {
            for (int x = columns.from(c); x < columns.to(c); x += columns.dilation()) {
              input[y * columns.input() + x] += share;
            }
          }
        }
      }
    }
  }
}
