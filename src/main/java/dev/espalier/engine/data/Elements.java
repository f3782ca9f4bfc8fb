package dev.espalier.engine.data;

import dev.espalier.engine.graph.HalfPrecision;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/** Elements of any type in little-endian memory, read as another type. */
interface Elements {
  /** Element {@code i} as a double; exact but for 64-bit integers beyond 2^53. */
  double real(int i);

  /** Element {@code i} as an integer; what is not integral is cut off. */
  default long integer(int i) {
    return (long) real(i);
  }

  /** Elements from {@code from} on as floats, as many as {@code into} takes. */
  default void floats(int from, float[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = (float) real(from + i);
    }
  }

  /** A view of {@code bytes}, which may change under it. */
  static Elements of(ElementType type, ByteBuffer bytes) {
    ShortBuffer shorts = bytes.asShortBuffer();
    IntBuffer ints = bytes.asIntBuffer();
    DoubleBuffer doubles = bytes.asDoubleBuffer();
    return switch (type) {
      case F2 -> i -> HalfPrecision.toFloat(shorts.get(i));
      case F4 -> new Floats(bytes.asFloatBuffer());
      case F8 -> doubles::get;
      case U1 -> new UnsignedBytes(bytes);
      case B1 -> i -> bytes.get(i) == 0 ? 0 : 1;
      case I1 -> bytes::get;
      case U2 -> i -> Short.toUnsignedInt(shorts.get(i));
      case I2 -> shorts::get;
      case U4 -> i -> Integer.toUnsignedLong(ints.get(i));
      case I4 -> ints::get;
      case U8 -> new UnsignedLongs(bytes.asLongBuffer());
      case I8 -> new Longs(bytes.asLongBuffer());
    };
  }

  /** Floats, copied in one piece. */
  record Floats(FloatBuffer values) implements Elements {
    @Override
    public double real(int i) {
      return values.get(i);
    }

    @Override
    public void floats(int from, float[] into) {
      values.get(from, into);
    }
  }

  /** Bytes from 0 to 255, as of images. */
  record UnsignedBytes(ByteBuffer values) implements Elements {
    @Override
    public double real(int i) {
      return Byte.toUnsignedInt(values.get(i));
    }

    @Override
    public void floats(int from, float[] into) {
      for (int i = 0; i < into.length; i++) {
        into[i] = Byte.toUnsignedInt(values.get(from + i));
      }
    }
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

  /** Elements of uint64; what exceeds int64 becomes its largest value. */
  record UnsignedLongs(LongBuffer values) implements Elements {
    @Override
    public double real(int i) {
      return integer(i);
    }

    @Override
    public long integer(int i) {
      long value = values.get(i);
      return value < 0 ? Long.MAX_VALUE : value;
    }
  }
}
