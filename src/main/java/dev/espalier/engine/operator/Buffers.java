package dev.espalier.engine.operator;

import java.nio.FloatBuffer;

/** Loops over direct buffers, by heap blocks: the JIT vectorises loops over arrays only. */
public final class Buffers {
  private static final int BLOCK = 1024;
  private static final float[] ZEROS = new float[BLOCK];

  private Buffers() {}

  /** Sets every element to +0. */
  static void clear(FloatBuffer buffer) {
    for (int at = 0; at < buffer.capacity(); at += BLOCK) {
      buffer.put(at, ZEROS, 0, Math.min(BLOCK, buffer.capacity() - at));
    }
  }

  /** Adds {@code more} to {@code sum}, element by element. */
  public static void add(FloatBuffer more, FloatBuffer sum) {
    float[] a = new float[BLOCK];
    float[] b = new float[BLOCK];
    for (int at = 0; at < sum.capacity(); at += BLOCK) {
      int n = Math.min(BLOCK, sum.capacity() - at);
      more.get(at, a, 0, n);
      sum.get(at, b, 0, n);
      add(a, b, n);
      sum.put(at, b, 0, n);
    }
  }

  /** Adds the first {@code n} of {@code more} to those of {@code sum}. */
  static void add(float[] more, float[] sum, int n) {
    for (int i = 0; i < n; i++) {
      sum[i] += more[i];
    }
  }

  /** Multiplies the first {@code n} values. */
  static void scale(float[] values, int n, float factor) {
    for (int i = 0; i < n; i++) {
      values[i] *= factor;
    }
  }

  /**
   * 1 for a positive number, the smallest (2⁻¹⁴⁹) included, and 0 for others, without a branch: the
   * signs are unpredictable and the JIT vectorises minima, maxima and products.
   */
  static float positive(float x) {
    return Math.min(Math.max(x * 0x1p100f * 0x1p49f, 0f), 1f);
  }

  /** The sum of the first {@code n} values. */
  static double sum(float[] values, int n) {
    return sum(values, 0, n);
  }

  // Sums are chains of dependent additions: four of them keep the adder busy.

  /** The sum of the values from {@code from} to before {@code to}. */
  static double sum(float[] values, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += values[i];
      b += values[i + 1];
      c += values[i + 2];
      d += values[i + 3];
    }
    for (; i < to; i++) {
      a += values[i];
    }
    return a + b + (c + d);
  }

  /** The sum of the products of {@code n} values of x from {@code i} on and of y from {@code j}. */
  static double dot(float[] x, int i, float[] y, int j, int n) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int k = 0;
    for (; k + 3 < n; k += 4) {
      a += (double) x[i + k] * y[j + k];
      b += (double) x[i + k + 1] * y[j + k + 1];
      c += (double) x[i + k + 2] * y[j + k + 2];
      d += (double) x[i + k + 3] * y[j + k + 3];
    }
    for (; k < n; k++) {
      a += (double) x[i + k] * y[j + k];
    }
    return a + b + (c + d);
  }
}
