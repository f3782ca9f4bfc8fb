package dev.espalier.engine.data;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.engine.metric.Head;

/**
 * What targets mean when nobody says, from them and the model's head:
 *
 * <ul>
 *   <li>one number a sample for a model of several columns: classes, as nothing else fits
 *   <li>one whole number a sample, not negative: classes; but other than 0 and 1 for a model of one
 *       column, a regression
 *   <li>several numbers, all 0 or 1: classes when every row is one-hot, labels otherwise
 *   <li>anything else: a regression
 * </ul>
 */
final class TaskInference {
  private final boolean whole;
  private final boolean bits;
  private final boolean signs;
  private final boolean negative;
  private final boolean oneHot;

  private TaskInference(Rows y) {
    boolean allWhole = true;
    boolean allBits = true;
    boolean allSigns = true;
    boolean anyNegative = false;
    boolean allHot = true;
    for (int row = 0; row < y.count(); row++) {
      int start = y.load(row);
      int hot = 0;
      for (int i = 0; i < y.width(); i++) {
        double value = y.elements().real(start + i);
        allWhole &= value == Math.rint(value);
        allBits &= value == 0 || value == 1;
        allSigns &= value == -1 || value == 1;
        anyNegative |= value < 0;
        hot += value == 1 ? 1 : 0;
      }
      allHot &= hot == 1;
    }
    this.whole = allWhole;
    this.bits = allBits;
    this.signs = allSigns && anyNegative;
    this.negative = anyNegative;
    this.oneHot = allHot && allBits;
  }

  /**
   * The task.
   *
   * @throws Refusal {@code labels-invalid} when it cannot be told
   */
  static Task infer(Rows y, Head head) {
    return new TaskInference(y).infer(y.width(), head.declaredWidth());
  }

  private Task infer(int width, long columns) {
    if (width > 1) {
      return bits ? oneHot ? Task.CLASSIFICATION : Task.MULTILABEL : Task.REGRESSION;
    }
    if (signs) {
      throw new Refusal(
          ReasonCode.LABELS_INVALID,
          "y holds -1 and +1: save the classes as 0 and 1, or declare the task regression");
    }
    if (columns > 1) {
      return Task.CLASSIFICATION;
    }
    if (!whole || negative) {
      return Task.REGRESSION;
    }
    return columns == 1 && !bits ? Task.REGRESSION : Task.CLASSIFICATION;
  }
}
