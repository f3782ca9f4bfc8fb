package dev.espalier.engine.operator;

/** The gradient of a choice of one operand per element. */
final class Winner {
  private Winner() {}

  /** Gives each gradient to the first operand that equals the result; uses {@code g} up. */
  static void chain(float[][] x, float[] y, float[] g, float[][] gradients, int n) {
    for (int operand = 0; operand < x.length; operand++) {
      float[] a = x[operand];
      float[] gradient = gradients[operand];
      for (int i = 0; i < n; i++) {
        boolean won = a[i] == y[i];
        gradient[i] = won ? g[i] : 0f;
        g[i] = won ? 0f : g[i];
      }
    }
  }
}
