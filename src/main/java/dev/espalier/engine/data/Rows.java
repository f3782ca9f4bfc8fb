package dev.espalier.engine.data;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An array by its rows, that is along its first axis. Each row's elements are contiguous in
 * row-major order once it is loaded. Not thread-safe.
 */
final class Rows {
  /** Brings rows into memory. */
  interface Loader {
    /** Makes a row's elements available and returns the place of the first. */
    int load(int row);
  }

  private final ElementType type;
  private final long[] shape;
  private final Elements elements;
  private final Loader loader;

  private Rows(ElementType type, long[] shape, Elements elements, Loader loader) {
    this.type = type;
    this.shape = shape;
    this.elements = elements;
    this.loader = loader;
  }

  /** All rows in little-endian memory. */
  static Rows inMemory(ElementType type, ByteBuffer bytes, long... shape) {
    int width = width(shape);
    return new Rows(type, shape, Elements.of(type, bytes), row -> row * width);
  }

  /**
   * Rows that are brought one at a time.
   *
   * @param memory one row's little-endian bytes, filled by {@code loader}
   */
  static Rows loaded(ElementType type, ByteBuffer memory, Loader loader, long... shape) {
    return new Rows(type, shape, Elements.of(type, memory), loader);
  }

  private static int width(long... shape) {
    return Math.toIntExact(Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact));
  }

  ElementType type() {
    return type;
  }

  /** Dimensions, outermost first; at least one. */
  long[] shape() {
    return shape.clone();
  }

  /** Number of rows. */
  int count() {
    return Math.toIntExact(shape[0]);
  }

  /** Elements of a row. */
  int width() {
    return width(shape);
  }

  /** Where the loaded row's elements are. */
  Elements elements() {
    return elements;
  }

  /** Makes a row's elements available and returns the place of the first. */
  int load(int row) {
    return loader.load(row);
  }

  @Override
  public String toString() {
    return type.code() + Arrays.toString(shape);
  }
}
