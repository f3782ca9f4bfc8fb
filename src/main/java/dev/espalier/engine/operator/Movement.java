package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import java.util.List;
import java.util.Optional;

/**
 * An operator that only moves elements: each element of its result is one of its operands' or a
 * fixed number. The gradient of an element is the sum of those of its copies.
 */
interface Movement extends Operator.Computed {
  /** Stands for the fixed number where a position is expected. */
  int FILL = -1;

  /**
   * For each element of the result, its position in the operands laid end to end, or {@link #FILL}.
   *
   * @param operands their shapes
   */
  int[] sources(List<long[]> operands);

  /** The fixed number. */
  default float fill() {
    return 0f;
  }

  @Override
  default Optional<DataType> type(List<DataType> operands) {
    return operands.stream().distinct().count() == 1
        ? Optional.of(operands.get(0))
        : Optional.empty();
  }

  @Override
  default Step bind(List<Value> operands, Value result) {
    int[] sources = sources(operands.stream().map(operand -> operand.data().shape()).toList());
    return new MovementStep(operands, result, sources, fill());
  }
}
