package dev.espalier.bench;

import java.util.List;
import java.util.Locale;

/** Mean and spread of one figure over the seeds. */
record Statistics(double mean, double deviation, int count) {

  /**
   * Of some values.
   *
   * @return the deviation is that of a sample, 0 for a single value; nothing is not a number
   */
  static Statistics of(List<Double> values) {
    double mean = values.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    int count = values.size();
    return new Statistics(mean, count < 2 ? 0 : Math.sqrt(squares / (count - 1)), count);
  }

  /** In hundredths, as accuracies are read. */
  String percent() {
    if (count == 0) {
      return "";
    }
    return count == 1
        ? String.format(Locale.ROOT, "%.2f", 100 * mean)
        : String.format(Locale.ROOT, "%.2f ± %.2f", 100 * mean, 100 * deviation);
  }
}
