package dev.espalier.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** How well a model does; each has one direction and the tasks it is defined for. */
public enum Metric {
  /** Fraction predicted right; for several labels at once, with every label right. */
  ACCURACY(true),
  /** Fraction whose class is among the five that the model ranks highest. */
  TOP_5_ACCURACY(true),
  /** Unweighted mean over classes of the F1 score. */
  MACRO_F1(true),
  /** Area under the ROC curve, one class against the others, unweighted mean over classes. */
  AUC(true),
  /** Mean loss: cross-entropy in nats, or the squared error for regression. */
  LOSS(false),
  /** Root of the mean squared error. */
  RMSE(false),
  /** Mean absolute error. */
  MAE(false),
  /** Coefficient of determination. */
  R2(true);

  private final boolean higherIsBetter;

  Metric(boolean higherIsBetter) {
    this.higherIsBetter = higherIsBetter;
  }

  /** The name on the wire. */
  @JsonValue
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The constant of a wire name.
   *
   * @throws IllegalArgumentException when there is none
   */
  @JsonCreator
  public static Metric of(String wire) {
    return Arrays.stream(values())
        .filter(metric -> metric.wire().equals(wire))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no metric '" + wire + "'"));
  }

  /** Whether larger values are better. */
  public boolean higherIsBetter() {
    return higherIsBetter;
  }

  /** The direction as results name it. */
  public String direction() {
    return higherIsBetter ? "higher-is-better" : "lower-is-better";
  }

  /** How much worse {@code value} is than {@code baseline}; negative when it is better. */
  public double drop(double baseline, double value) {
    return higherIsBetter ? baseline - value : value - baseline;
  }

  /** Whether it is a fraction of the samples. */
  public boolean isProportion() {
    return this == ACCURACY || this == TOP_5_ACCURACY;
  }

  /** Whether the metric is defined for a task. */
  public boolean fits(Task task) {
    return switch (this) {
      case LOSS -> true;
      case ACCURACY, MACRO_F1, AUC -> task != Task.REGRESSION;
      case TOP_5_ACCURACY -> task == Task.CLASSIFICATION;
      case RMSE, MAE, R2 -> task == Task.REGRESSION;
    };
  }

  /** The metric of a task when nobody says which. */
  public static Metric usual(Task task) {
    return task == Task.REGRESSION ? RMSE : ACCURACY;
  }
}
