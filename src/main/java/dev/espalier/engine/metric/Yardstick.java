package dev.espalier.engine.metric;

import dev.espalier.contract.Metric;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import java.util.Arrays;

/**
 * A metric for one model and task.
 *
 * @param metric what is measured
 * @param task what the model's output and the targets mean
 * @param head the output judged
 */
public record Yardstick(Metric metric, Task task, Head head) {
  private static final int TOP = 5;

  /**
   * A yardstick that can be applied.
   *
   * @param width numbers per sample that the model gives
   * @throws Refusal {@code policy-invalid} when the metric does not fit task or model, {@code
   *     data-mismatch} when the model's output does not fit the task
   */
  public static Yardstick of(Metric metric, Task task, Head head, int width) {
    if (!metric.fits(task)) {
      throw new Refusal(
          ReasonCode.POLICY_INVALID,
          "metric '%s' is not defined for the task %s; use one of %s"
              .formatted(
                  metric.wire(),
                  task.wire(),
                  Arrays.stream(Metric.values())
                      .filter(m -> m.fits(task))
                      .map(Metric::wire)
                      .toList()));
    }
    if (metric == Metric.TOP_5_ACCURACY && width <= TOP) {
      throw new Refusal(
          ReasonCode.POLICY_INVALID,
          "metric 'top-5-accuracy' says nothing about a model of %d classes; use accuracy"
              .formatted(Math.max(2, width)));
    }
    requireMeaning(metric, task, head);
    return new Yardstick(metric, task, head);
  }

  private static void requireMeaning(Metric metric, Task task, Head head) {
    if (task != Task.REGRESSION && head.unclear() != null) {
      throw new Refusal(ReasonCode.DATA_MISMATCH, head.unclear());
    }
    boolean exclusive = head.kind() == Head.Kind.SOFTMAX || head.kind() == Head.Kind.LOG_SOFTMAX;
    if (task == Task.MULTILABEL && exclusive && metric != Metric.AUC) {
      throw new Refusal(
          ReasonCode.DATA_MISMATCH,
          ("the targets are labels that may hold together, and output '%s' is a softmax, of classes"
                  + " that exclude each other: declare the task classification and give class"
                  + " indices or one-hot rows, or export a model that ends in Sigmoid; auc alone"
                  + " can be measured")
              .formatted(head.output()));
    }
  }

  /** The same for another metric. */
  public Yardstick with(Metric other) {
    return new Yardstick(other, task, head);
  }

  /** A meter for {@code samples} samples. */
  public Meter meter(int samples) {
    boolean labels = task == Task.MULTILABEL;
    return switch (metric) {
      case ACCURACY -> new Hits(samples, labels ? Hits.everyLabel(head) : Hits.top1(head));
      case TOP_5_ACCURACY -> new Hits(samples, Hits.top(TOP));
      case MACRO_F1 -> labels ? F1.ofLabels(samples, head) : F1.ofClasses(samples, head);
      case AUC -> labels ? Auc.ofLabels(samples, head) : Auc.ofClasses(samples, head);
      case LOSS -> Losses.mean(samples, loss());
      case RMSE -> Losses.root(samples, Losses::squaredError);
      case MAE -> Losses.mean(samples, Losses::absoluteError);
      case R2 -> new Determination(samples);
    };
  }

  private Losses.Loss loss() {
    return switch (task) {
      case CLASSIFICATION -> Losses.ofClasses(head);
      case MULTILABEL -> Losses.ofLabels(head);
      case REGRESSION -> Losses::squaredError;
    };
  }
}
