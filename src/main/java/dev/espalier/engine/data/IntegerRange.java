package dev.espalier.engine.data;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.ValueInfo;

/**
 * What an integer input can hold.
 *
 * @param least smallest value
 * @param most largest value
 */
record IntegerRange(long least, long most) {

  /**
   * The range of an input.
   *
   * @throws Refusal {@code data-mismatch} when its type cannot be fed
   */
  static IntegerRange of(ValueInfo input) {
    return switch (input.type()) {
      case INT64 -> new IntegerRange(Long.MIN_VALUE, Long.MAX_VALUE);
      case INT32 -> new IntegerRange(Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT8 -> new IntegerRange(Byte.MIN_VALUE, Byte.MAX_VALUE);
      case UINT8 -> new IntegerRange(0, 255);
      case BOOL -> new IntegerRange(0, 1);
      default ->
          throw new Refusal(
              ReasonCode.DATA_MISMATCH,
              "input '%s' takes %s, which no array can feed".formatted(input.name(), input.type()));
    };
  }

  boolean contains(long value) {
    return value >= least && value <= most;
  }
}
