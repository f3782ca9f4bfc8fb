package dev.espalier.engine.format.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The shape of a dataset or attribute.
 *
 * @param dimensions outermost first; empty for a scalar
 * @param maximum as far as dimensions could grow, empty when as they are
 * @param isNull whether there is no element at all, not even one
 */
record Dataspace(List<Long> dimensions, List<Long> maximum, boolean isNull) {
  private static final int MOST_RANK = 32;
  private static final int HAS_MAXIMUM = 1;
  private static final int NULL = 2;
  private static final long UNLIMITED = -1;

  static Dataspace parse(ByteBuffer bytes) {
    int version = bytes.get();
    int rank = bytes.get() & 0xFF;
    int flags = bytes.get();
    Malformed.require(version == 1 || version == 2, "a shape has an unknown version");
    Malformed.require(rank <= MOST_RANK, "a shape has " + rank + " dimensions");
    boolean isNull = bytes.get() == NULL && version == 2;
    if (version == 1) {
      bytes.position(bytes.position() + 4);
    }
    List<Long> dimensions = longs(bytes, rank);
    List<Long> maximum = (flags & HAS_MAXIMUM) != 0 ? longs(bytes, rank) : List.of();
    Malformed.require(dimensions.stream().allMatch(d -> d >= 0), "a shape is negative");
    return new Dataspace(dimensions, maximum, isNull);
  }

  private static List<Long> longs(ByteBuffer bytes, int count) {
    List<Long> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(bytes.getLong());
    }
    return List.copyOf(values);
  }

  /** Number of elements, overflow-safe. */
  long elements() {
    if (isNull) {
      return 0;
    }
    long product = 1;
    for (long dimension : dimensions) {
      try {
        product = Math.multiplyExact(product, dimension);
      } catch (ArithmeticException e) {
        throw Malformed.because("the shape " + dimensions + " is impossible");
      }
    }
    return product;
  }

  /** Bytes of all elements, overflow-safe. */
  long bytes(Datatype type) {
    try {
      return Math.multiplyExact(elements(), type.size());
    } catch (ArithmeticException e) {
      throw Malformed.because("the shape " + dimensions + " is impossible");
    }
  }

  /** The same with other dimensions, which may also be the most they can become. */
  Dataspace resized(long... shape) {
    List<Long> sizes = LongStream.of(shape).boxed().toList();
    List<Long> most = new ArrayList<>();
    for (int axis = 0; axis < maximum.size(); axis++) {
      most.add(maximum.get(axis) == UNLIMITED ? UNLIMITED : sizes.get(axis));
    }
    return new Dataspace(sizes, List.copyOf(most), isNull);
  }

  /** As a message; version 2 where version 1 cannot say that there is nothing. */
  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(8 + 2 * dimensions.size() * Long.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) (isNull ? 2 : 1)).put((byte) dimensions.size());
    bytes.put((byte) (maximum.isEmpty() ? 0 : HAS_MAXIMUM)).put((byte) (isNull ? NULL : 0));
    if (!isNull) {
      bytes.putInt(0);
    }
    dimensions.forEach(bytes::putLong);
    maximum.forEach(bytes::putLong);
    return bytes.flip();
  }
}
