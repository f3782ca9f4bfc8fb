package dev.espalier.engine.operator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Max.html">Max</a> and <a
 * href="https://onnx.ai/onnx/operators/onnx__Min.html">Min</a>: the largest or smallest of the
 * operands; the gradient goes to the first that is the result.
 */
final class Extreme extends Pointwise {
  private final Choice choice;

  /** The better of two. */
  private interface Choice {
    float of(float a, float b);
  }

  private Extreme(Site site, Choice choice) {
    super(site, 1, Integer.MAX_VALUE);
    this.choice = choice;
  }

  static Extreme largest(Site site) {
    return new Extreme(site, Math::max);
  }

  static Extreme smallest(Site site) {
    return new Extreme(site, Math::min);
  }

  @Override
  void apply(float[][] x, float[] y, int n) {
    System.arraycopy(x[0], 0, y, 0, n);
    for (int operand = 1; operand < x.length; operand++) {
      float[] other = x[operand];
      for (int i = 0; i < n; i++) {
        y[i] = choice.of(y[i], other[i]);
      }
    }
  }

  @Override
  void chain(float[][] x, float[] y, float[] g, float[][] gradients, int n) {
    Winner.chain(x, y, g, gradients, n);
  }
}
