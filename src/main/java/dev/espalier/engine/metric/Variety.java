package dev.espalier.engine.metric;

import dev.espalier.contract.Metric;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import java.util.Arrays;

/**
 * Whether a classifier's decisions tell samples apart, and are ever right. One whose decisions do
 * not loses nothing by pruning, so that any pruned version would pass a gate.
 */
public final class Variety implements Observer {
  private final Yardstick yardstick;
  private int samples;
  private int right;
  private boolean varied;
  private boolean targetsVary;
  private float[] decision = {};
  private float[] target = {};

  /** For a model measured by a yardstick. */
  public Variety(Yardstick yardstick) {
    this.yardstick = yardstick;
  }

  @Override
  public void add(int place, float[] output, float[] wanted) {
    if (yardstick.task() == Task.REGRESSION) {
      return;
    }
    float[] decided = decide(output);
    if (samples == 0) {
      decision = decided;
      target = wanted.clone();
    }
    samples++;
    varied |= !Arrays.equals(decision, decided);
    targetsVary |= !Arrays.equals(target, wanted);
    right += Arrays.equals(decided, wanted) ? 1 : 0;
  }

  private float[] decide(float[] output) {
    Head head = yardstick.head();
    if (yardstick.task() == Task.CLASSIFICATION) {
      return new float[] {head.decide(output)};
    }
    float[] labels = new float[output.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = head.positive(output[i]) ? 1 : 0;
    }
    return labels;
  }

  /**
   * Requires that some decision is right and, where the metric looks at decisions and the targets
   * differ, that the decisions do as well.
   *
   * @throws Refusal {@code data-mismatch} otherwise
   */
  public void require() {
    if (samples == 0 || yardstick.metric() == Metric.AUC) {
      return;
    }
    boolean classes = yardstick.task() == Task.CLASSIFICATION;
    if (targetsVary && !varied) {
      throw new Refusal(
          ReasonCode.DATA_MISMATCH,
          "the model predicts %s for every sample: labels, scaling or output do not fit; see that"
                  .formatted(classes ? "class " + (int) decision[0] : "the same labels")
              + " the data are scaled as for training");
    }
    if (right == 0 && (classes || yardstick.metric() == Metric.ACCURACY)) {
      throw new Refusal(
          ReasonCode.DATA_MISMATCH,
          "the model is right about none of %d samples: labels, scaling or output do not fit"
              .formatted(samples));
    }
  }
}
