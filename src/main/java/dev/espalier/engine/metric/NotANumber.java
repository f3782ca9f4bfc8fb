package dev.espalier.engine.metric;

/** Thrown when a model's output for a sample leaves a metric without a finite value. */
public final class NotANumber extends RuntimeException {
  /** For the sample at a place. */
  NotANumber(int place) {
    super("the model's output for sample " + place + " of those scored is not a finite number");
  }
}
