package dev.espalier.engine.schedule;

/** {@code s(t) = s₀ + (s₁ − s₀) t/T}. */
record Linear(double from, double target, int steps) implements Schedule {
  @Override
  public double sparsity(int step) {
    return step == steps ? target : from + (target - from) * step / steps;
  }
}
