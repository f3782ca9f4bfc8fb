package dev.espalier.engine.data;

import dev.espalier.engine.graph.HalfPrecision;
import dev.espalier.engine.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/** Elements of an array of any type, read as one type. */
interface Elements {
  /** Element {@code i} as a double; exact but for int64 beyond 2^53. */
  double real(int i);

  /** Element {@code i} as an integer; what is not integral is cut off. */
  default long integer(int i) {
    return (long) real(i);
  }

  /** A view of {@code array}. */
  static Elements of(Tensor array) {
    ByteBuffer bytes = array.bytes();
    return switch (array.type()) {
      case FLOAT -> {
        FloatBuffer floats = array.floats();
        yield floats::get;
      }
      case DOUBLE -> array.doubles()::get;
      case FLOAT16 -> i -> HalfPrecision.toFloat(bytes.getShort(i * Short.BYTES));
      case UINT8, BOOL -> i -> Byte.toUnsignedInt(bytes.get(i));
      case INT8 -> bytes::get;
      case INT32 -> {
        IntBuffer ints = array.ints();
        yield ints::get;
      }
      case INT64 -> new Longs(array.longs());
      case INT16, UINT16, UINT32, UINT64, BFLOAT16 ->
          throw new IllegalArgumentException("not read from arrays: " + array);
    };
  }

  /** Exact int64 elements. */
  record Longs(LongBuffer values) implements Elements {
    @Override
    public double real(int i) {
      return values.get(i);
    }

    @Override
    public long integer(int i) {
      return values.get(i);
    }
  }
}
