package dev.espalier.engine.schedule;

/** {@code s(1) = s₁}. */
record OneShot(double target) implements Schedule {
  @Override
  public int steps() {
    return 1;
  }

  @Override
  public double sparsity(int step) {
    return target;
  }
}
