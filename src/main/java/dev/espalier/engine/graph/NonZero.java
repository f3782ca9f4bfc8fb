package dev.espalier.engine.graph;

import java.nio.ByteBuffer;

/** Counts of elements that are not zero. */
public final class NonZero {
  private static final int WITHOUT_SIGN = 0x7f;

  private NonZero() {}

  /** Elements of {@code tensor} other than +0 and −0. */
  public static long count(Tensor tensor) {
    ByteBuffer bytes = tensor.bytes();
    int width = tensor.type().bytes();
    boolean real =
        switch (tensor.type()) {
          case FLOAT, FLOAT16, DOUBLE -> true;
          case UINT8, INT8, INT32, INT64, BOOL -> false;
        };
    int lastByte = real ? WITHOUT_SIGN : 0xff;
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

  /** Elements of all parameters of {@code graph} that are not zero. */
  public static long count(Graph graph) {
    return graph.parameters().stream().mapToLong(p -> count(graph.tensor(p))).sum();
  }
}
