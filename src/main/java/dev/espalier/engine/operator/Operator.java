package dev.espalier.engine.operator;

import java.util.List;

/**
 * An ONNX operator with the attributes of one node: what it does to shapes, and how it is bound to
 * buffers. Instances hold no buffers, so shapes can be checked without memory.
 */
public sealed interface Operator {
  /** Number of leading node inputs that are differentiable operands; later ones are constants. */
  int operands();

  /**
   * Shape of the result.
   *
   * @param operands shapes of the operands, in order
   * @throws Untrainable when the node does not accept them
   */
  long[] shape(List<long[]> operands);

  /** An operator whose result is its operand's memory under another shape. */
  non-sealed interface View extends Operator {
    @Override
    default int operands() {
      return 1;
    }
  }

  /** An operator that computes. */
  non-sealed interface Computed extends Operator {
    /**
     * Binds to buffers.
     *
     * @param operands what is read
     * @param result what is written; has the shape of {@link #shape}
     */
    Step bind(List<Value> operands, Value result);
  }
}
