package dev.espalier.engine.format.keras.lowering;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A tensor that flows between layers.
 *
 * @param name of the value in the graph
 * @param type its elements
 * @param shape as Keras sees it, batch included; {@link ValueInfo#UNKNOWN} where open
 * @param layout how the graph's value is arranged
 * @param mask name of the graph's BOOL value [batch, time] that tells which steps count, when Keras
 *     passes one along
 */
public record Value(
    String name, DataType type, List<Long> shape, Layout layout, Optional<String> mask) {

  /** How the axes of the graph's value stand to those that Keras sees. */
  public enum Layout {
    /** The same order. */
    AS_KERAS,
    /** The last axis of Keras, the channels, comes second: [n, h, w, c] is held as [n, c, h, w]. */
    CHANNELS_MOVED_FIRST
  }

  /** Copies its shape. */
  public Value {
    shape = List.copyOf(shape);
  }

  /** A float value in Keras' order without a mask. */
  public static Value of(String name, List<Long> shape) {
    return new Value(name, DataType.FLOAT, shape, Layout.AS_KERAS, Optional.empty());
  }

  /** Number of axes, batch included. */
  public int rank() {
    return shape.size();
  }

  /** Size of an axis, negative ones from the last; {@link ValueInfo#UNKNOWN} where open. */
  public long dimension(int axis) {
    return shape.get(axis < 0 ? axis + rank() : axis);
  }

  /** The result of an operator that keeps type, shape, layout and mask. */
  public Value renamed(String other) {
    return new Value(other, type, shape, layout, mask);
  }

  /** The same value with another shape. */
  public Value shaped(List<Long> other) {
    return new Value(name, type, other, layout, mask);
  }

  /** The same value with another last dimension. */
  public Value withLast(long size) {
    List<Long> other = new ArrayList<>(shape);
    other.set(other.size() - 1, size);
    return shaped(other);
  }

  /** The same value with other elements. */
  public Value typed(DataType other) {
    return new Value(name, other, shape, layout, mask);
  }

  /** The same value arranged otherwise. */
  public Value arranged(Layout other) {
    return new Value(name, type, shape, other, mask);
  }

  /** The same value with a mask. */
  public Value masked(String other) {
    return new Value(name, type, shape, layout, Optional.of(other));
  }

  /** The same value without a mask. */
  public Value unmasked() {
    return new Value(name, type, shape, layout, Optional.empty());
  }
}
