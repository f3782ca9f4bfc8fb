package dev.espalier.engine.schedule;

/**
 * {@code s(t) = s₁ + (s₀ − s₁)(1 − t/T)³}: fast while there is redundancy, slow towards the end
 * (Zhu and Gupta 2017, arXiv:1710.01878).
 */
record Cubic(double from, double target, int steps) implements Schedule {
  @Override
  public double sparsity(int step) {
    double left = 1 - (double) step / steps;
    return step == steps ? target : target + (from - target) * left * left * left;
  }
}
