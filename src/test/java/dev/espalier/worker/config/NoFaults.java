package dev.espalier.worker.config;

/** Gives tests of other packages what the container gives their subjects. */
public final class NoFaults {
  private NoFaults() {}

  /** Fault points of which none is armed. */
  public static FaultPoints points() {
    return new FaultPoints(TestConfig.with());
  }
}
