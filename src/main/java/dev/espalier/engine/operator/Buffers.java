package dev.espalier.engine.operator;

import java.nio.FloatBuffer;

/** Loops over direct buffers, by blocks that the JIT vectorises. */
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
      for (int i = 0; i < n; i++) {
        b[i] += a[i];
      }
      sum.put(at, b, 0, n);
    }
  }
}
