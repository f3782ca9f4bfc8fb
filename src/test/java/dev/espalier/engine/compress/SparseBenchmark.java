package dev.espalier.engine.compress;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.QuantizedTensor;
import dev.espalier.engine.graph.Tensor;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

/**
 * Prints size and CPU time of the sparse coding on 25 million normally distributed weights of which
 * the smallest 90 % are zero, one thread, as floats, as the products of 8-bit integers and scales,
 * as the integers themselves, and with 16 shared values. The bound is H(0.1) bits a weight for the
 * marks and the entropy of a weight kept: of a normal variable beyond its 90 % quantile in steps of
 * float32, or of the integers and indices that there are.
 */
final class SparseBenchmark {
  private static final int ROWS = 5_000;
  private static final int SIZE = ROWS * ROWS;
  private static final int ROUNDS = 6;
  private static final double THRESHOLD = 1.6448536269514722; // P(|N(0,1)| > t) = 0.1
  private static final double MARKS =
      -SIZE * (0.1 * Math.log(0.1) + 0.9 * Math.log(0.9)) / Math.log(2);

  private SparseBenchmark() {}

  public static void main(String[] arguments) {
    Tensor weights = Tensor.zeros(DataType.FLOAT, ROWS, ROWS);
    Random random = new Random(1);
    double bits = 0;
    for (int i = 0; i < SIZE; i++) {
      double x = random.nextGaussian();
      if (Math.abs(x) > THRESHOLD) {
        float w = (float) (0.05 * x);
        weights.floats().put(i, w);
        double density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) / 0.1;
        bits -= Math.log(density * Math.ulp(w) / 0.05) / Math.log(2);
      }
    }
    words("floats", weights, bits);
    QuantizedTensor quantized = Int8.quantize(weights, OptionalInt.of(1));
    double integers = entropy(quantized.integers().bytes(), 1);
    words("products of integers", quantized.real(), integers + 32.0 * ROWS);
    bytes("integers", quantized.integers(), integers);
    Tensor shared = Codebook.quantize(weights, 16);
    words("16 values", shared, entropy(shared.bytes(), 4));
  }

  private static double entropy(ByteBuffer elements, int width) {
    Map<Integer, Integer> counts = new HashMap<>();
    int kept = 0;
    for (int at = 0; at < elements.capacity(); at += width) {
      int element = width == 1 ? elements.get(at) : elements.getInt(at);
      if (element != 0) {
        counts.merge(element, 1, Integer::sum);
        kept++;
      }
    }
    double bits = 0;
    for (int count : counts.values()) {
      bits -= count * Math.log((double) count / kept) / Math.log(2);
    }
    return bits;
  }

  private static void words(String name, Tensor tensor, double bits) {
    IntBuffer words = tensor.bytes().asIntBuffer();
    for (int round = 0; round < ROUNDS; round++) {
      ByteBuffer target = ByteBuffer.allocateDirect(SIZE * 4).order(ByteOrder.LITTLE_ENDIAN);
      long start = cpu();
      Section.Chunks out = new Section.Chunks();
      SparseWords.encode(words.duplicate(), List.of((long) ROWS, (long) ROWS), out);
      byte[] encoded = out.toBytes();
      long middle = cpu();
      SparseWords.decode(
          ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN), target.asIntBuffer());
      print(name, encoded.length, bits, middle - start, cpu() - middle, 4);
      if (!target.equals(tensor.bytes())) {
        throw new IllegalStateException(name + " decode differently");
      }
    }
  }

  private static void bytes(String name, Tensor tensor, double bits) {
    for (int round = 0; round < ROUNDS; round++) {
      ByteBuffer target = ByteBuffer.allocateDirect(SIZE);
      long start = cpu();
      Section.Chunks out = new Section.Chunks();
      SparseBytes.encode(tensor.bytes(), 1, out);
      byte[] encoded = out.toBytes();
      long middle = cpu();
      SparseBytes.decode(ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN), 1, target);
      print(name, encoded.length, bits, middle - start, cpu() - middle, 1);
      if (!target.equals(tensor.bytes())) {
        throw new IllegalStateException(name + " decode differently");
      }
    }
  }

  private static void print(
      String name, int size, double bits, long encode, long decode, int width) {
    double bound = (MARKS + bits) / 8;
    System.out.printf(
        "%s: %,d bytes, bound %,.0f, %.3f of it; encode %.2f GB/s, decode %.2f GB/s%n",
        name,
        size,
        bound,
        size / bound,
        (double) SIZE * width / encode,
        (double) SIZE * width / decode);
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
