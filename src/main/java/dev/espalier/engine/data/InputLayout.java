package dev.espalier.engine.data;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * How the samples of an array become a model's input. The elements are never reordered: an array is
 * accepted when its samples have the input's shape, or would have it after dropping or adding axes
 * of size one, or after flattening two axes or fewer, where there is one order only. Anything else,
 * channels-last images for a channels-first model above all, is refused with both shapes.
 */
final class InputLayout {
  private static final int MAX_FLATTENED_AXES = 2;

  private InputLayout() {}

  /**
   * Shape of one sample as the model wants it.
   *
   * @throws Refusal {@code data-mismatch}
   */
  static long[] sampleShape(ValueInfo input, long... array) {
    if (array.length == 0 || input.dimensions().isEmpty()) {
      throw mismatch(input, array);
    }
    long[] wanted = withoutBatch(input.dimensions().stream().mapToLong(Long::longValue).toArray());
    long[] given = withoutBatch(array);
    if (wanted.length == given.length && agree(wanted, given)) {
      return given;
    }
    boolean known = LongStream.of(wanted).noneMatch(d -> d == ValueInfo.UNKNOWN);
    if (known && Arrays.equals(squeezed(wanted), squeezed(given))) {
      return wanted;
    }
    if (known && flattens(squeezed(wanted), squeezed(given))) {
      return wanted;
    }
    throw mismatch(input, array);
  }

  private static long[] withoutBatch(long... shape) {
    return Arrays.copyOfRange(shape, 1, shape.length);
  }

  private static boolean agree(long[] wanted, long[] given) {
    for (int axis = 0; axis < wanted.length; axis++) {
      if (wanted[axis] != ValueInfo.UNKNOWN && wanted[axis] != given[axis]) {
        return false;
      }
    }
    return true;
  }

  private static long[] squeezed(long... shape) {
    return LongStream.of(shape).filter(d -> d != 1).toArray();
  }

  private static boolean flattens(long[] one, long[] other) {
    return Math.min(one.length, other.length) == 1
        && Math.max(one.length, other.length) <= MAX_FLATTENED_AXES
        && Tensor.elements(one) == Tensor.elements(other);
  }

  private static Refusal mismatch(ValueInfo input, long... array) {
    return new Refusal(
        ReasonCode.DATA_MISMATCH,
        "the model takes or gives %s (-1: any) for '%s', the data have %s; reshape or transpose the array"
            .formatted(input.dimensions(), input.name(), Arrays.toString(array)));
  }
}
