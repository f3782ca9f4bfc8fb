package dev.espalier.engine.operator;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Batch normalisation on buffers. With x̂ = (x − μ) / √(σ² + ε) per channel of m elements, y = γx̂
 * + β and G = ∂L/∂y: ∂L/∂γ = ΣGx̂, ∂L/∂β = ΣG, ∂L/∂x = γ / √(σ² + ε) · (G − ΣG/m − x̂·ΣGx̂/m); with
 * fixed statistics the two means are left out.
 */
final class BatchNormalizationStep implements Step {
  private final Value x;
  private final Value scale;
  private final Value shift;
  private final FloatBuffer runningMean;
  private final FloatBuffer runningVariance;
  private final Value result;
  private final boolean frozen;
  private final float epsilon;
  private final float momentum;
  private final int samples;
  private final int channels;
  private final int plane;

  private final double[] first;
  private final double[] second;
  private final double[] mean;
  private final double[] inverse;

  // One sample.
  private final float[] row;
  private final float[] gradient;

  BatchNormalizationStep(
      List<Value> operands, Value result, boolean frozen, float epsilon, float momentum) {
    this.x = operands.get(0);
    this.scale = operands.get(1);
    this.shift = operands.get(2);
    this.runningMean = operands.get(3).data().floats();
    this.runningVariance = operands.get(4).data().floats();
    this.result = result;
    this.epsilon = epsilon;
    this.momentum = momentum;
    this.samples = (int) x.data().dimension(0);
    this.channels = (int) x.data().dimension(1);
    this.plane = x.data().size() / samples / channels;
    this.frozen = frozen || samples * plane == 1;
    this.first = new double[channels];
    this.second = new double[channels];
    this.mean = new double[channels];
    this.inverse = new double[channels];
    this.row = new float[channels * plane];
    this.gradient = new float[channels * plane];
  }

  @Override
  public void forward(RandomGenerator noise) {
    normalize(momentum);
  }

  @Override
  public void settle(RandomGenerator noise, int batches) {
    normalize(batches / (batches + 1.0));
  }

  /** Writes the result; the running statistics keep the share {@code kept} of what they were. */
  private void normalize(double kept) {
    if (frozen) {
      for (int c = 0; c < channels; c++) {
        mean[c] = runningMean.get(c);
        inverse[c] = 1 / Math.sqrt(runningVariance.get(c) + epsilon);
      }
    } else {
      measure(kept);
    }
    FloatBuffer in = x.data().floats();
    FloatBuffer out = result.data().floats();
    for (int n = 0; n < samples; n++) {
      in.get(n * row.length, row);
      for (int c = 0; c < channels; c++) {
        double factor = scale.data().floats().get(c) * inverse[c];
        double constant = shift.data().floats().get(c) - mean[c] * factor;
        affine(row, c * plane, (c + 1) * plane, (float) factor, (float) constant);
      }
      out.put(n * row.length, row);
    }
  }

  private static void affine(float[] values, int from, int to, float factor, float constant) {
    for (int i = from; i < to; i++) {
      values[i] = values[i] * factor + constant;
    }
  }

  /** The batch's statistics, and the running ones moved towards them. */
  private void measure(double kept) {
    Arrays.fill(first, 0);
    Arrays.fill(second, 0);
    FloatBuffer in = x.data().floats();
    for (int n = 0; n < samples; n++) {
      in.get(n * row.length, row);
      for (int c = 0; c < channels; c++) {
        first[c] += Buffers.sum(row, c * plane, (c + 1) * plane);
        second[c] += Buffers.dot(row, c * plane, row, c * plane, plane);
      }
    }
    double m = (double) samples * plane;
    for (int c = 0; c < channels; c++) {
      mean[c] = first[c] / m;
      double variance = Math.max(0, second[c] / m - mean[c] * mean[c]);
      inverse[c] = 1 / Math.sqrt(variance + epsilon);
      runningMean.put(c, moved(runningMean.get(c), mean[c], kept));
      runningVariance.put(c, moved(runningVariance.get(c), variance, kept));
    }
  }

  private static float moved(float running, double batch, double kept) {
    return (float) (kept * running + (1 - kept) * batch);
  }

  @Override
  public void backward() {
    sumGradients();
    for (int c = 0; c < channels; c++) {
      // ΣGx̂ from ΣGx and ΣG.
      second[c] = inverse[c] * (second[c] - mean[c] * first[c]);
      if (scale.differentiated()) {
        scale.requiredGradient().floats().put(c, (float) second[c]);
      }
      if (shift.differentiated()) {
        shift.requiredGradient().floats().put(c, (float) first[c]);
      }
    }
    if (x.differentiated()) {
      spread();
    }
  }

  private void sumGradients() {
    Arrays.fill(first, 0);
    Arrays.fill(second, 0);
    FloatBuffer in = x.data().floats();
    FloatBuffer from = result.requiredGradient().floats();
    for (int n = 0; n < samples; n++) {
      in.get(n * row.length, row);
      from.get(n * row.length, gradient);
      for (int c = 0; c < channels; c++) {
        first[c] += Buffers.sum(gradient, c * plane, (c + 1) * plane);
        second[c] += Buffers.dot(row, c * plane, gradient, c * plane, plane);
      }
    }
  }

  private void spread() {
    double m = (double) samples * plane;
    FloatBuffer in = x.data().floats();
    FloatBuffer from = result.requiredGradient().floats();
    FloatBuffer to = x.requiredGradient().floats();
    for (int n = 0; n < samples; n++) {
      in.get(n * row.length, row);
      from.get(n * row.length, gradient);
      for (int c = 0; c < channels; c++) {
        double factor = scale.data().floats().get(c) * inverse[c];
        double slope = frozen ? 0 : -factor * inverse[c] * second[c] / m;
        double constant = frozen ? 0 : -factor * first[c] / m - slope * mean[c];
        combine(c * plane, (c + 1) * plane, (float) factor, (float) slope, (float) constant);
      }
      to.put(n * row.length, gradient);
    }
  }

  private void combine(int from, int to, float factor, float slope, float constant) {
    float[] g = gradient;
    float[] v = row;
    for (int i = from; i < to; i++) {
      g[i] = factor * g[i] + slope * v[i] + constant;
    }
  }
}
