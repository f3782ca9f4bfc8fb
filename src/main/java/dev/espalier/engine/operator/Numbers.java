package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.ByteBuffer;

/**
 * Elements of tensors of any type as doubles, which hold every float and every integer up to 2⁵³
 * exactly; larger ones, which files use for "to the end", keep their magnitude.
 */
final class Numbers {
  private Numbers() {}

  /** All elements. */
  static double[] doubles(Tensor tensor) {
    double[] values = new double[tensor.size()];
    ByteBuffer bytes = tensor.bytes();
    for (int i = 0; i < values.length; i++) {
      values[i] = get(bytes, tensor.type(), i);
    }
    return values;
  }

  /** All elements of an integer tensor. */
  static long[] longs(Tensor tensor) {
    if (tensor.type() == DataType.INT64) {
      return tensor.toLongs();
    }
    double[] values = doubles(tensor);
    long[] longs = new long[values.length];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = (long) values[i];
    }
    return longs;
  }

  /** A tensor of those elements, rounded to its type. */
  static Tensor tensor(DataType type, double[] values, long... shape) {
    Tensor tensor = Tensor.zeros(type, shape);
    ByteBuffer bytes = tensor.bytes();
    for (int i = 0; i < values.length; i++) {
      put(bytes, type, i, values[i]);
    }
    return tensor;
  }

  /** Element {@code i} of the bytes of a tensor. */
  static double get(ByteBuffer bytes, DataType type, int i) {
    return switch (type) {
      case FLOAT -> bytes.getFloat(i * 4);
      case DOUBLE -> bytes.getDouble(i * 8);
      case INT64 -> bytes.getLong(i * 8);
      case INT32 -> bytes.getInt(i * 4);
      case INT8 -> bytes.get(i);
      case UINT8, BOOL -> bytes.get(i) & 0xff;
      default -> throw new Untrainable(type + " values are not trained");
    };
  }

  /** Stores element {@code i}; integers are truncated, booleans are whether it is not 0. */
  static void put(ByteBuffer bytes, DataType type, int i, double value) {
    switch (type) {
      case FLOAT -> bytes.putFloat(i * 4, (float) value);
      case DOUBLE -> bytes.putDouble(i * 8, value);
      case INT64 -> bytes.putLong(i * 8, (long) value);
      case INT32 -> bytes.putInt(i * 4, (int) value);
      case INT8, UINT8 -> bytes.put(i, (byte) (long) value);
      case BOOL -> bytes.put(i, (byte) (value != 0 ? 1 : 0));
      default -> throw new Untrainable(type + " values are not trained");
    }
  }
}
