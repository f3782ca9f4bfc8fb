package dev.espalier.engine.metric;

import java.util.function.DoubleUnaryOperator;

/**
 * A function of a ratio of sums over the samples, f(Σ aᵢ / Σ bᵢ): a mean when b is 1 everywhere.
 * Two numbers per sample are all that a resample needs.
 */
final class Ratio implements Measurement {
  private final double[] a;
  private final double[] b;
  private final DoubleUnaryOperator function;
  private final double sumA;
  private final double sumB;

  /** Takes the arrays over. */
  Ratio(double[] a, double[] b, DoubleUnaryOperator function) {
    this.a = a;
    this.b = b;
    this.function = function;
    this.sumA = sum(a);
    this.sumB = sum(b);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  @Override
  public int samples() {
    return a.length;
  }

  @Override
  public double value() {
    return function.applyAsDouble(sumA / sumB);
  }

  @Override
  public double value(int[] counts) {
    double resampledA = 0;
    double resampledB = 0;
    for (int i = 0; i < counts.length; i++) {
      resampledA += counts[i] * a[i];
      resampledB += counts[i] * b[i];
    }
    return function.applyAsDouble(resampledA / resampledB);
  }

  @Override
  public double without(int sample) {
    return function.applyAsDouble((sumA - a[sample]) / (sumB - b[sample]));
  }
}
