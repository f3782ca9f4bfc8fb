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

    private int taps(Window window, int o) {
      return includePadding ? window.padded(o) : window.end(o) - window.first(o);
    }

    @Override
    public void reduce(int plane, float[] input, float[] output) {
      int o = 0;
      for (int r = 0; r < rows.output(); r++) {
        for (int c = 0; c < columns.output(); c++) {
          float sum = 0;
          for (int i = rows.first(r); i < rows.end(r); i++) {
            for (int j = columns.first(c); j < columns.end(c); j++) {
              sum += input[element(r, i, c, j)];
            }
          }
          output[o++] = sum / (taps(rows, r) * taps(columns, c));
        }
      }
    }

    @Override
    public void spread(int plane, float[] output, float[] input) {
      int o = 0;
      for (int r = 0; r < rows.output(); r++) {
        for (int c = 0; c < columns.output(); c++) {
          float share = output[o++] / (taps(rows, r) * taps(columns, c));
          for (int i = rows.first(r); i < rows.end(r); i++) {
            for (int j = columns.first(c); j < columns.end(c); j++) {
              input[element(r, i, c, j)] += share;
            }
          }
        }
      }
    }

    private int element(int r, int i, int c, int j) {
      return (rows.start(r) + i * rows.dilation()) * columns.input()
          + columns.start(c)
          + j * columns.dilation();
    }
  }
}
