package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.util.List;
import java.util.Optional;

/** Where operators that do nothing but move elements take each one from. */
public final class Sources {
  private Sources() {}

  /**
   * For each result, the positions of its elements in the operands laid end to end; negative for
   * one that is of none of them.
   *
   * @param operands their shapes
   * @return empty when the operator does anything else than move
   * @throws Untrainable when the operator does not accept them
   */
  public static Optional<List<int[]>> of(Operator operator, List<long[]> operands) {
    if (operator instanceof Operator.View) {
      return Optional.of(List.of(Layout.all(Tensor.elements(operands.get(0)))));
    } else if (operator instanceof Movement movement) {
      return Optional.of(List.of(movement.sources(operands)));
    } else if (operator instanceof Split split) {
      return Optional.of(split.sources(operands.get(0)));
    }
    return Optional.empty();
  }
}
