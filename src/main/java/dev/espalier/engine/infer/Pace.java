package dev.espalier.engine.infer;

/**
 * How long two models are timed.
 *
 * @param required whether there must be a measurement, however long it takes
 * @param cap otherwise: seconds that it may take at most
 */
public record Pace(boolean required, double cap) {
  /** Fewer say nothing. */
  private static final int LEAST = 5;

  /** What a measurement that others can rely on has at least. */
  private static final int USUAL = 30;

  private static final int MOST = 100;

  /** Seconds worth spending on more than the usual number. */
  private static final double AIM = 3;

  /**
   * Repetitions to make; 0 for no measurement.
   *
   * @param seconds that one repetition takes
   */
  int repetitions(double seconds) {
    int wanted = (int) Math.max(USUAL, Math.min(MOST, AIM / seconds));
    int possible = required ? wanted : (int) Math.min(wanted, cap / seconds);
    return possible < LEAST ? 0 : possible;
  }
}
