package dev.espalier.engine.format.hdf5;

import dev.espalier.engine.graph.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * An element type.
 *
 * @param encoded the message that describes it, carried over as it is
 */
record Datatype(ByteBuffer encoded) {
  private static final int FIXED_POINT = 0;
  private static final int FLOATING_POINT = 1;
  private static final int STRING = 3;
  private static final int BITS = 4;
  private static final int ENUMERATION = 8;
  private static final int VARIABLE_LENGTH = 9;
  private static final int PROPERTIES = 8;
  private static final int SIGNED = 0x08;

  Datatype {
    encoded = encoded.slice().order(ByteOrder.LITTLE_ENDIAN);
    Malformed.require(encoded.capacity() >= PROPERTIES, "a type is too short");
  }

  /** A view of its own. */
  @Override
  public ByteBuffer encoded() {
    return encoded.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Refuses types whose elements hold addresses we would not find, or that models do not use. */
  void requireKnown() {
    int known = type();
    boolean plain =
        known == FIXED_POINT
            || known == FLOATING_POINT
            || known == STRING
            || known == BITS
            || known == ENUMERATION
            || isVariableString();
    if (!plain) {
      throw Malformed.feature("elements of class " + known);
    }
    Malformed.require(size() > 0, "a type has no size");
  }

  private int type() {
    return encoded.get(0) & 0x0F;
  }

  private int bits() {
    return encoded.getInt(0) >>> 8;
  }

  /** Bytes of an element in the dataset; 16 for variable-length text. */
  long size() {
    return Integer.toUnsignedLong(encoded.getInt(4));
  }

  /** The same type with elements of another size. */
  Datatype resized(int bytes) {
    ByteBuffer copy = ByteBuffer.allocate(encoded.capacity()).order(ByteOrder.LITTLE_ENDIAN);
    copy.put(encoded()).putInt(4, Math.max(1, bytes));
    return new Datatype(copy.flip());
  }

  boolean isFixedString() {
    return type() == STRING;
  }

  /** Text whose elements are references into a global heap. */
  boolean isVariableString() {
    return type() == VARIABLE_LENGTH && (bits() & 0x0F) == 1;
  }

  /** The order of the bytes of numbers. */
  ByteOrder order() {
    return (bits() & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }

  /** The type of numbers that a tensor can hold as they are, but for the order of their bytes. */
  Optional<DataType> number() {
    if (type() == FLOATING_POINT) {
      return Optional.ofNullable(
          isIeee(8, 23)
              ? DataType.FLOAT
              : isIeee(5, 10) ? DataType.FLOAT16 : isIeee(11, 52) ? DataType.DOUBLE : null);
    }
    if (type() != FIXED_POINT) {
      return Optional.empty();
    }
    boolean signed = (bits() & SIGNED) != 0;
    return Optional.ofNullable(
        switch ((int) size()) {
          case 1 -> signed ? DataType.INT8 : DataType.UINT8;
          case 4 -> signed ? DataType.INT32 : null;
          case 8 -> signed ? DataType.INT64 : null;
          default -> null;
        });
  }

  /** Whether exponent and mantissa have these sizes, as IEEE 754 has them. */
  private boolean isIeee(int exponent, int mantissa) {
    int width = (1 + exponent + mantissa) / 8;
    return size() == width
        && encoded.capacity() >= PROPERTIES + 12
        && encoded.get(PROPERTIES + 5) == exponent
        && encoded.get(PROPERTIES + 7) == mantissa;
  }
}
