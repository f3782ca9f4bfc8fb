package dev.espalier.engine.compress;

import java.util.List;

/**
 * Where in a file equally wide numbers lie, such as the elements of a tensor.
 *
 * @param name what they are
 * @param offset of the first byte
 * @param width bytes of each: 1, 2, 4 or 8
 * @param bigEndian byte order of each
 * @param shape whose product is how many; the last axis changes fastest
 */
public record ElementRange(
    String name, long offset, int width, boolean bigEndian, List<Long> shape) {
  /** Copies the shape. */
  public ElementRange {
    shape = List.copyOf(shape);
  }

  /** How many elements, which a file's bounds keep far below overflow. */
  int elements() {
    return shape.stream().mapToInt(Math::toIntExact).reduce(1, Math::multiplyExact);
  }

  long bytes() {
    return (long) width * elements();
  }

  long end() {
    return offset + bytes();
  }
}
