package dev.espalier.engine.schedule;

/**
 * {@code s(t) = s₁ − (s₁ − s₀)(r^t − r^T)/(1 − r^T)} with {@code r^T = 1/100}: what is missing to
 * the target decays exponentially, to nothing at the last step. Steeper at the start than {@link
 * Cubic}.
 */
record Exponential(double from, double target, int steps) implements Schedule {
  /** Of the way to the target, what the undisturbed decay would leave after the last step. */
  private static final double REST = 0.01;

  @Override
  public double sparsity(int step) {
    double missing = (Math.pow(REST, (double) step / steps) - REST) / (1 - REST);
    return step == steps ? target : target - (target - from) * missing;
  }
}
