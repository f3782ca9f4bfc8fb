package dev.espalier.engine.data;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Element types of {@code .npy} arrays: every one that NumPy has for real numbers up to 8 bytes.
 */
enum ElementType {
  F2,
  F4,
  F8,
  U1,
  I1,
  U2,
  I2,
  U4,
  I4,
  U8,
  I8,
  /** Boolean, one byte, 0 or 1. */
  B1;

  /** The type of a NumPy code such as {@code f4}, without the byte order. */
  static Optional<ElementType> of(String code) {
    return Arrays.stream(values()).filter(type -> type.code().equals(code)).findFirst();
  }

  /** The code NumPy uses. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Bytes of one element. */
  int bytes() {
    return name().charAt(1) - '0';
  }

  /** Whether only whole numbers can be held. */
  boolean isIntegral() {
    return name().charAt(0) != 'F';
  }
}
