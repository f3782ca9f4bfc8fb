package dev.espalier.engine.infer;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.metric.Observer;

/** Refuses a model that says something else than numbers. */
final class NumbersOnly implements Observer {
  private final int[] samples;

  /** Knows which {@code samples} are shown, by place. */
  NumbersOnly(int... samples) {
    this.samples = samples;
  }

  @Override
  public void add(int place, float[] output, float[] target) {
    for (float value : output) {
      if (Float.isNaN(value)) {
        throw new Refusal(
            ReasonCode.MODEL_MALFORMED,
            "the model's output for sample " + samples[place] + " is NaN");
      }
    }
  }
}
