package dev.espalier.engine.metric;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Coefficient of determination R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)², over all values of a sample, each
 * about its own mean ȳ: that is, with several values, the mean of their R² weighted by their
 * variance.
 *
 * <p>Targets are not kept: deviations are summed about c, the mean of the first samples, and Σ(y −
 * ȳ)² = Σ(y − c)² − n(ȳ − c)². Resamples keep the last term, which changes their R² little: it only
 * scales the error, and by the same factor for both models.
 */
final class Determination implements Meter {
  private static final int REFERENCE_SAMPLES = 1024;

  private final double[] errors;
  private final double[] deviations;
  private final List<float[]> first = new ArrayList<>();
  private double[] reference = {};
  private double[] shift = {};
  private int added;

  Determination(int samples) {
    this.errors = new double[samples];
    this.deviations = new double[samples];
  }

  @Override
  public void add(int place, float[] output, float[] target) {
    errors[place] = Losses.squaredError(output, target) * output.length;
    if (!Double.isFinite(errors[place])) {
      throw new NotANumber(place);
    }
    if (added < Math.min(REFERENCE_SAMPLES, errors.length)) {
      first.add(target.clone());
      if (first.size() == Math.min(REFERENCE_SAMPLES, errors.length)) {
        refer();
      }
    } else {
      deviations[place] = deviation(target);
    }
    added++;
  }

  /** Deviations of the first samples, which come in the order of their places. */
  private void refer() {
    reference = new double[first.get(0).length];
    shift = new double[reference.length];
    for (float[] target : first) {
      for (int i = 0; i < reference.length; i++) {
        reference[i] += target[i] / (double) first.size();
      }
    }
    for (int sample = 0; sample < first.size(); sample++) {
      deviations[sample] = deviation(first.get(sample));
    }
    first.clear();
  }

  private double deviation(float[] target) {
    double sum = 0;
    for (int i = 0; i < reference.length; i++) {
      double deviation = target[i] - reference[i];
      shift[i] += deviation / errors.length;
      sum += deviation * deviation;
    }
    return sum;
  }

  @Override
  public Measurement measurement() {
    double excess = Arrays.stream(shift).map(x -> x * x).sum();
    double[] about = Arrays.stream(deviations).map(x -> x - excess).toArray();
    if (!(Arrays.stream(about).sum() > 0)) {
      throw new Refusal(
          ReasonCode.LABELS_INVALID, "every target is the same, so r2 is undefined; use rmse");
    }
    return new Ratio(errors, about, unexplained -> 1 - unexplained);
  }
}
