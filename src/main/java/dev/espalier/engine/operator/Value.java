package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A value on the tape: data and, where training needs it, the gradient of the loss by it.
 *
 * @param data what a forward pass writes; float, or integers such as tokens
 * @param gradient what a backward pass writes, shaped like the data; null when nobody needs it, and
 *     always for other data than floats
 */
public record Value(Tensor data, @Nullable Tensor gradient) {

  /** A float value in fresh memory. */
  public static Value allocate(boolean withGradient, long... shape) {
    return new Value(
        Tensor.zeros(DataType.FLOAT, shape),
        withGradient ? Tensor.zeros(DataType.FLOAT, shape) : null);
  }

  /** The same memory under another shape. */
  public Value reshaped(long... shape) {
    return new Value(data.reshaped(shape), gradient == null ? null : gradient.reshaped(shape));
  }

  /**
   * One of the equally large parts that lie one after the other.
   *
   * @param number of the part, from 0
   * @param shape of a part
   */
  Value part(int number, long... shape) {
    int from = Math.multiplyExact(number, (int) Tensor.elements(shape));
    return new Value(
        data.slice(from, shape), gradient == null ? null : gradient.slice(from, shape));
  }

  /** Whether the loss is differentiated by this value. */
  public boolean differentiated() {
    return gradient != null;
  }

  /** The gradient of a value that has one. */
  public Tensor requiredGradient() {
    if (gradient == null) {
      throw new IllegalStateException("value without gradient: " + data);
    }
    return gradient;
  }
}
