package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An ONNX operator with the attributes of one node: what it does to shapes, and how it is bound to
 * buffers. Instances hold no buffers, so shapes can be checked without memory.
 */
public sealed interface Operator {
  /**
   * Positions of the node inputs that are read on the tape, ascending; omitted inputs are not among
   * them. Whatever else the node reads must be constant.
   */
  List<Integer> operands();

  /**
   * Element type of the results; empty when operands of these types are not accepted. Only float
   * results carry gradients.
   */
  default Optional<DataType> type(List<DataType> operands) {
    return operands.stream().allMatch(type -> type == DataType.FLOAT)
        ? Optional.of(DataType.FLOAT)
        : Optional.empty();
  }

  /**
   * Shapes of the results, in the order of the node's outputs; there may be more than the node has.
   *
   * @param operands shapes of the operands, in order
   * @throws Untrainable when the node does not accept them
   */
  List<long[]> shapes(List<long[]> operands);

  /** Shape of the first result. */
  default long[] shape(List<long[]> operands) {
    return shapes(operands).get(0);
  }

  /** The first {@code n} positions. */
  static List<Integer> leading(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  /** An operator whose result is its first operand's memory under another shape. */
  non-sealed interface View extends Operator {
    @Override
    default List<Integer> operands() {
      return leading(1);
    }

    @Override
    default Optional<DataType> type(List<DataType> operands) {
      return Optional.of(operands.get(0));
    }

    @Override
    long[] shape(List<long[]> operands);

    @Override
    default List<long[]> shapes(List<long[]> operands) {
      return List.of(shape(operands));
    }
  }

  /** An operator that computes one result. */
  non-sealed interface Computed extends Operator {
    @Override
    long[] shape(List<long[]> operands);

    @Override
    default List<long[]> shapes(List<long[]> operands) {
      return List.of(shape(operands));
    }

    /**
     * Binds to buffers.
     *
     * @param operands what is read; some may have no gradient
     * @param result what is written; has the shape of {@link #shape} and, when nobody
     *     differentiates through it, no gradient: then {@link Step#backward} is never called
     */
    Step bind(List<Value> operands, Value result);
  }

  /** An operator that computes several results. */
  non-sealed interface Multiple extends Operator {
    /**
     * Binds to buffers.
     *
     * @param operands what is read; some may have no gradient
     * @param results what is written, one for each of {@link #shapes}; those that nobody reads, or
     *     differentiates through, have no gradient. When none has one, {@link Step#backward} is
     *     never called
     */
    Step bind(List<Value> operands, List<Value> results);
  }
}
