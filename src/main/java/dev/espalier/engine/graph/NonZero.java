package dev.espalier.engine.graph;

import java.nio.ByteBuffer;

/** Counts of elements that are not zero. */
public final class NonZero {
  private static final int WITHOUT_SIGN = 0x7f;

  private NonZero() {}

  /** Elements of {@code tensor} other than +0 and −0, as they are stored. */
  static long count(Tensor tensor) {
    ByteBuffer bytes = tensor.bytes();
    int width = tensor.type().bytes();
    int lastByte = tensor.type().isReal() ? WITHOUT_SIGN : 0xff;
    long count = 0;
    for (int i = 0; i < bytes.capacity(); i += width) {
      int bits = bytes.get(i + width - 1) & lastByte;
      for (int b = 0; b < width - 1; b++) {
        bits |= bytes.get(i + b);
      }
      count += bits != 0 ? 1 : 0;
    }
    return count;
  }

  /** Elements of a parameter that stand for another number than zero. */
  public static long count(Graph graph, Parameter parameter) {
    return graph.weights(parameter).nonZero();
  }

  /** Elements of all parameters of {@code graph} that stand for another number than zero. */
  public static long count(Graph graph) {
    return graph.parameters().stream().mapToLong(p -> count(graph, p)).sum();
  }
}
