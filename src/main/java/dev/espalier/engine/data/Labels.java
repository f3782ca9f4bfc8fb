package dev.espalier.engine.data;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;

/** Class indices of the samples, from {@code y} as indices or one-hot rows. */
final class Labels {
  private Labels() {}

  /**
   * Class index of each sample, in [0, classes).
   *
   * @param y shape [n] or [n, 1] of integral values, or one-hot [n, classes]
   * @throws Refusal {@code labels-invalid}, also when only one class occurs: no metric says
   *     anything then
   */
  static int[] of(Tensor y) {
    if (y.rank() < 1 || y.rank() > 2) {
      throw invalid("y has shape " + Arrays.toString(y.shape()) + "; it must be [n] or [n, c]");
    }
    int rows = Math.toIntExact(y.dimension(0));
    int columns = y.rank() == 1 ? 1 : Math.toIntExact(y.dimension(1));
    Elements values = Elements.of(y);
    int[] classes = new int[rows];
    for (int row = 0; row < rows; row++) {
      classes[row] = columns == 1 ? index(values, row) : hot(values, row, columns);
    }
    int first = rows == 0 ? 0 : classes[0];
    if (rows > 0 && Arrays.stream(classes).allMatch(c -> c == first)) {
      throw invalid("every sample has label " + first + "; at least two classes are needed");
    }
    return classes;
  }

  /**
   * Checks that a model with {@code count} classes can predict every label.
   *
   * @throws Refusal {@code labels-invalid} with the first sample out of range
   */
  static void requireBelow(int count, int... classes) {
    for (int row = 0; row < classes.length; row++) {
      if (classes[row] >= count) {
        throw invalid(
            "label " + classes[row] + " of sample " + row + " is not below the model's " + count);
      }
    }
  }

  private static int index(Elements values, int row) {
    double value = values.real(row);
    if (!(value >= 0 && value <= Integer.MAX_VALUE && value == Math.rint(value))) {
      throw invalid("label " + value + " of sample " + row + " is not a class index");
    }
    return (int) value;
  }

  private static int hot(Elements values, int row, int columns) {
    int found = -1;
    for (int column = 0; column < columns; column++) {
      double value = values.real(row * columns + column);
      if (value == 1 && found < 0) {
        found = column;
      } else if (value != 0) {
        found = -1;
        break;
      }
    }
    if (found < 0) {
      throw invalid("row " + row + " of y is not one-hot: exactly one 1, and 0 elsewhere");
    }
    return found;
  }

  private static Refusal invalid(String message) {
    return new Refusal(ReasonCode.LABELS_INVALID, message);
  }
}
