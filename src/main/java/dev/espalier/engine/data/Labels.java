package dev.espalier.engine.data;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.util.Arrays;

/** Class indices of the samples, from {@code y} as indices or one-hot rows. */
final class Labels {
  private Labels() {}

  /**
   * Class index of each sample, in [0, classes).
   *
   * @param y one integral value a row, or one-hot rows
   * @throws Refusal {@code labels-invalid}, also when only one class occurs: no metric says
   *     anything then
   */
  static int[] of(Rows y) {
    int[] classes = new int[y.count()];
    for (int row = 0; row < classes.length; row++) {
      int start = y.load(row);
      classes[row] = y.width() == 1 ? index(y, row, start) : hot(y, row, start);
    }
    if (classes.length == 1) {
      throw new Refusal(
          ReasonCode.DATA_TOO_FEW, "the data have one sample; nothing can be told from it");
    }
    int first = classes.length == 0 ? 0 : classes[0];
    if (classes.length > 0 && Arrays.stream(classes).allMatch(c -> c == first)) {
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

  /**
   * Checks that every value is 0 or 1.
   *
   * @throws Refusal {@code labels-invalid} with the first sample that has another
   */
  static void requireZeroOrOne(Rows y) {
    for (int row = 0; row < y.count(); row++) {
      int start = y.load(row);
      for (int i = 0; i < y.width(); i++) {
        double value = y.elements().real(start + i);
        if (value != 0 && value != 1) {
          throw invalid(
              "label %d of sample %d is %s; each label of a multilabel task is 0 or 1"
                  .formatted(i, row, value));
        }
      }
    }
  }

  private static int index(Rows y, int row, int start) {
    double value = y.elements().real(start);
    if (!(value >= 0 && value <= Integer.MAX_VALUE && value == Math.rint(value))) {
      String advice = value == -1 ? "; save the classes -1 and +1 as 0 and 1" : "";
      throw invalid("label " + value + " of sample " + row + " is not a class index" + advice);
    }
    return (int) value;
  }

  private static int hot(Rows y, int row, int start) {
    int found = -1;
    for (int column = 0; column < y.width(); column++) {
      double value = y.elements().real(start + column);
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
