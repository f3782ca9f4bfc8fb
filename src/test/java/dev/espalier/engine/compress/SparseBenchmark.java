package dev.espalier.engine.compress;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.List;
import java.util.Random;

/**
 * Prints size and CPU time of the sparse coding on 25 million normally distributed weights of which
 * the smallest 90 % are zero, one thread, against the bound: H(0.1) bits a weight for the mask and
 * the entropy of a normal variable beyond its 90 % quantile, in steps of float32, a weight kept.
 */
final class SparseBenchmark {
  private static final int SIZE = 25_000_000;
  private static final int ROUNDS = 10;
  private static final double THRESHOLD = 1.6448536269514722; // P(|N(0,1)| > t) = 0.1

  private SparseBenchmark() {}

  public static void main(String[] arguments) {
    ByteBuffer dense = ByteBuffer.allocateDirect(SIZE * 4).order(ByteOrder.LITTLE_ENDIAN);
    IntBuffer words = dense.asIntBuffer();
    Random random = new Random(1);
    double valueBits = 0;
    int kept = 0;
    for (int i = 0; i < SIZE; i++) {
      double x = random.nextGaussian();
      if (Math.abs(x) > THRESHOLD) {
        float w = (float) (0.05 * x);
        words.put(i, Float.floatToRawIntBits(w));
        double density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) / 0.1;
        valueBits -= Math.log(density * Math.ulp(w) / 0.05) / Math.log(2);
        kept++;
      }
    }
    double maskBits = -SIZE * (0.1 * Math.log(0.1) + 0.9 * Math.log(0.9)) / Math.log(2);
    double bound = (maskBits + valueBits) / 8;
    for (int round = 0; round < ROUNDS; round++) {
      System.gc(); // of the last round's buffers
      ByteBuffer target = ByteBuffer.allocateDirect(SIZE * 4).order(ByteOrder.LITTLE_ENDIAN);
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      Section.Chunks out = new Section.Chunks();
      SparseWords.encode(words.duplicate(), List.of(5_000L, 5_000L), out);
      byte[] encoded = out.toBytes();
      long middle = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      SparseWords.decode(
          ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN), target.asIntBuffer());
      long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      System.out.printf(
          "%,d of %,d kept: %,d bytes, bound %,.0f, %.3f of it; encode %.2f GB/s, decode %.2f GB/s, %s%n",
          kept,
          SIZE,
          encoded.length,
          bound,
          encoded.length / bound,
          SIZE * 4.0 / (middle - start),
          SIZE * 4.0 / (end - middle),
          target.equals(dense) ? "equal" : "DIFFERENT");
    }
  }
}
