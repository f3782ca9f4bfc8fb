package dev.espalier.engine.surgery;

import dev.espalier.engine.surgery.Coupling.Kind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What an element-wise operator leaves of removed channels, whose operands are zero or constant.
 */
enum Remainder {
  /** x + y, x − y, their mean. */
  SUM {
    @Override
    State of(List<Part> parts, int i) {
      return parts.stream().allMatch(p -> p.isZero(i)) ? State.ZERO : constant(parts);
    }

    @Override
    Kind kind(int slot) {
      return Kind.PRODUCER;
    }
  },
  /** x · y. */
  PRODUCT {
    @Override
    State of(List<Part> parts, int i) {
      boolean zero = parts.stream().anyMatch(p -> p.factor().isPresent() && p.isZero(i));
      return zero ? State.ZERO : constant(parts);
    }

    @Override
    Kind kind(int slot) {
      return Kind.PER_CHANNEL;
    }
  },
  /** x / y; 0 / 0 is no number. */
  QUOTIENT {
    @Override
    State of(List<Part> parts, int i) {
      boolean divides = parts.get(1).isZero(i);
      return divides ? State.VARYING : parts.get(0).isZero(i) ? State.ZERO : constant(parts);
    }

    @Override
    Kind kind(int slot) {
      return slot == 0 ? Kind.PER_CHANNEL : Kind.STATISTIC;
    }

    @Override
    boolean isDivisor(int slot) {
      return slot == 1;
    }
  },
  /** x to the power of a number above zero. */
  POWER {
    @Override
    State of(List<Part> parts, int i) {
      OptionalDouble exponent = parts.get(1).number();
      boolean safe = exponent.isPresent() && exponent.getAsDouble() > 0;
      return !safe ? State.VARYING : parts.get(0).isZero(i) ? State.ZERO : constant(parts);
    }

    @Override
    boolean isDivisor(int slot) {
      return slot == 1;
    }
  },
  /** The larger. */
  MAXIMUM {
    @Override
    State of(List<Part> parts, int i) {
      boolean zero = parts.stream().allMatch(p -> p.isZero(i) || p.isNumber(n -> n <= 0));
      return zero ? State.ZERO : constant(parts);
    }
  },
  /** The smaller. */
  MINIMUM {
    @Override
    State of(List<Part> parts, int i) {
      boolean zero = parts.stream().allMatch(p -> p.isZero(i) || p.isNumber(n -> n >= 0));
      return zero ? State.ZERO : constant(parts);
    }
  },
  /** x where it is not negative, slope · x where it is. */
  SLOPE {
    @Override
    State of(List<Part> parts, int i) {
      return parts.get(0).isZero(i) ? State.ZERO : constant(parts);
    }

    @Override
    Kind kind(int slot) {
      return slot == 1 ? Kind.PER_CHANNEL : Kind.PRODUCER;
    }
  },
  /** One of two, by a condition. */
  CHOICE {
    @Override
    State of(List<Part> parts, int i) {
      boolean zero = parts.get(1).isZero(i) && parts.get(2).isZero(i);
      return zero ? State.ZERO : constant(parts);
    }
  },
  /** Truth values. */
  COMPARISON {
    @Override
    State of(List<Part> parts, int i) {
      return constant(parts);
    }
  };

  /** What is left. */
  enum State {
    ZERO,
    CONSTANT,
    VARYING
  }

  /**
   * An operand along the axes that are looked at.
   *
   * @param factor its units; empty when it is the same along these axes
   * @param number its value when it is a single constant
   */
  record Part(Optional<Factor> factor, OptionalDouble number) {
    boolean isZero(int i) {
      return factor.isPresent() ? factor.get().zero(i) : isNumber(n -> n == 0);
    }

    boolean isNumber(java.util.function.DoublePredicate test) {
      return factor.isEmpty() && number.isPresent() && test.test(number.getAsDouble());
    }

    private boolean isConstant() {
      return factor.isPresent() || number.isPresent();
    }
  }

  /** What is left at position {@code i}. */
  abstract State of(List<Part> parts, int i);

  /** What a constant operand is to the channels. */
  Kind kind(int slot) {
    return Kind.STATISTIC;
  }

  /** Whether an operand must not be zero. */
  boolean isDivisor(int slot) {
    return false;
  }

  private static State constant(List<Part> parts) {
    return parts.stream().allMatch(Part::isConstant) ? State.CONSTANT : State.VARYING;
  }
}
