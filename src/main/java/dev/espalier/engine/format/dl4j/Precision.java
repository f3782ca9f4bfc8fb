package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.HalfPrecision;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Element types of flat arrays, big-endian; named as ND4J does. */
enum Precision {
  FLOAT(DataType.FLOAT) {
    @Override
    double get(ByteBuffer bytes, int at) {
      return bytes.getFloat(at);
    }

    @Override
    void put(ByteBuffer bytes, int at, double value) {
      bytes.putFloat(at, (float) value);
    }
  },
  DOUBLE(DataType.DOUBLE) {
    @Override
    double get(ByteBuffer bytes, int at) {
      return bytes.getDouble(at);
    }

    @Override
    void put(ByteBuffer bytes, int at, double value) {
      bytes.putDouble(at, value);
    }
  },
  HALF(DataType.FLOAT16) {
    @Override
    double get(ByteBuffer bytes, int at) {
      return HalfPrecision.toFloat(bytes.getShort(at));
    }

    @Override
    void put(ByteBuffer bytes, int at, double value) {
      bytes.putShort(at, HalfPrecision.fromFloat((float) value));
    }
  };

  private final DataType type;

  Precision(DataType type) {
    this.type = type;
  }

  /** The type. */
  DataType type() {
    return type;
  }

  /** The type of that name, or empty when it is not one of weights. */
  static Optional<Precision> named(String name) {
    for (Precision precision : values()) {
      if (precision.name().equals(name)) {
        return Optional.of(precision);
      }
    }
    return Optional.empty();
  }

  /** Bytes of an element. */
  int bytes() {
    return type.bytes();
  }

  /** The element that starts at a byte. */
  abstract double get(ByteBuffer bytes, int at);

  /** Rounds to this type and stores at a byte. */
  abstract void put(ByteBuffer bytes, int at, double value);
}
