package dev.espalier.engine.surgery;

import java.util.List;
import java.util.Optional;

/**
 * A value on its way through the model.
 *
 * @param shape for one sample
 * @param factors units along disjoint sets of axes; what none of them touches always stays
 * @param constant whether it is computed from initializers alone
 */
record Traced(List<Long> shape, List<Factor> factors, boolean constant) {
  Traced {
    shape = List.copyOf(shape);
    factors = List.copyOf(factors);
  }

  int rank() {
    return shape.size();
  }

  int dimension(int axis) {
    return Math.toIntExact(shape.get(axis));
  }

  /** Whether it is a single number. */
  boolean isSingle() {
    return shape.stream().allMatch(d -> d == 1);
  }

  /** The units that depend on an axis, possibly among others. */
  Optional<Factor> at(int axis) {
    return factors.stream().filter(f -> f.touches(axis)).findFirst();
  }
}
