package dev.espalier.engine.format;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Numbers that lie in a model file in one piece and as they are.
 *
 * @param name what the file calls them
 * @param offset of the first byte in the file
 * @param type of each
 * @param shape the last axis changes fastest; empty for a scalar
 * @param order of the bytes of each
 */
public record PlainWeights(
    String name, long offset, DataType type, List<Long> shape, ByteOrder order) {
  /** Copies the shape. */
  public PlainWeights {
    shape = List.copyOf(shape);
  }

  /** How many numbers. */
  public int elements() {
    return Math.toIntExact(Tensor.elements(shape.stream().mapToLong(Long::longValue).toArray()));
  }
}
