package dev.espalier.engine.schedule;

/**
 * {@code 1 − s(t) = (1 − s₀) · ((1 − s₁)/(1 − s₀))^(t/T)}: each step removes the same fraction of
 * what is left (Frankle and Carbin 2019, arXiv:1803.03635).
 */
record Geometric(double from, double target, int steps) implements Schedule {
  @Override
  public double sparsity(int step) {
    double left = Math.pow((1 - target) / (1 - from), (double) step / steps);
    return step == steps ? target : 1 - (1 - from) * left;
  }
}
