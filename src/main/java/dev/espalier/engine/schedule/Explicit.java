package dev.espalier.engine.schedule;

import java.util.List;

/** The sparsities that a policy lists. */
record Explicit(List<Double> values) implements Schedule {
  @Override
  public int steps() {
    return values.size();
  }

  @Override
  public double sparsity(int step) {
    return values.get(step - 1);
  }
}
