package dev.espalier.engine.operator;

/** An element-wise operator given by a function of one number. */
final class Function extends Pointwise {
  private final ScalarFunction function;

  Function(Site site, ScalarFunction function) {
    super(site, Operator.leading(1));
    this.function = function;
  }

  @Override
  void apply(float[][] x, float[] y, int n) {
    float[] a = x[0];
    for (int i = 0; i < n; i++) {
      y[i] = (float) function.value(a[i]);
    }
  }

  @Override
  void chain(float[][] x, float[] y, float[] g, float[][] gradients, int n) {
    float[] a = x[0];
    float[] ga = gradients[0];
    for (int i = 0; i < n; i++) {
      ga[i] = (float) (g[i] * function.slope(a[i], y[i]));
    }
  }
}
