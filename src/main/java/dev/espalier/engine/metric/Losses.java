package dev.espalier.engine.metric;

import java.util.Arrays;

/**
 * Mean loss of a sample, in nats, or of its squared or absolute error.
 *
 * <p>Cross-entropy of classes: −ln softmax(z)_y for logits z, −ln(p_y / Σp) for probabilities.
 * Cross-entropy of labels t ∈ {0, 1}, mean over the labels: −t ln p − (1 − t) ln(1 − p), from
 * logits as max(z, 0) − zt + ln(1 + e^−|z|). As in PyTorch's {@code BCELoss}, a logarithm never
 * counts more than 100, so that one probability of 0 does not make the mean infinite.
 */
final class Losses implements Meter {
  private static final double LARGEST = 100;

  /** The loss of one sample. */
  interface Loss {
    double of(float[] output, float[] target);
  }

  private final Loss loss;
  private final double[] values;
  private final boolean root;

  private Losses(int samples, Loss loss, boolean root) {
    this.loss = loss;
    this.values = new double[samples];
    this.root = root;
  }

  static Losses mean(int samples, Loss loss) {
    return new Losses(samples, loss, false);
  }

  static Losses root(int samples, Loss loss) {
    return new Losses(samples, loss, true);
  }

  static Loss ofClasses(Head head) {
    return (output, target) -> {
      int wanted = (int) target[0];
      if (output.length == 1) {
        return binary(head, output[0], wanted);
      }
      return switch (head.kind()) {
        case LOG_SOFTMAX -> capped(-output[wanted]);
        case SOFTMAX, SIGMOID -> -log(output[wanted] / sum(output));
        case RAW -> logSumExp(output) - output[wanted];
      };
    };
  }

  static Loss ofLabels(Head head) {
    return (output, target) -> {
      double loss = 0;
      for (int i = 0; i < output.length; i++) {
        loss += binary(head, output[i], target[i]);
      }
      return loss / output.length;
    };
  }

  static double squaredError(float[] output, float[] target) {
    double sum = 0;
    for (int i = 0; i < output.length; i++) {
      double error = (double) output[i] - target[i];
      sum += error * error;
    }
    return sum / output.length;
  }

  static double absoluteError(float[] output, float[] target) {
    double sum = 0;
    for (int i = 0; i < output.length; i++) {
      sum += Math.abs((double) output[i] - target[i]);
    }
    return sum / output.length;
  }

  private static double binary(Head head, double value, double target) {
    return switch (head.kind()) {
      case SIGMOID, SOFTMAX -> -target * log(value) - (1 - target) * log(1 - value);
      case LOG_SOFTMAX -> -target * log(Math.exp(value)) - (1 - target) * log(-Math.expm1(value));
      case RAW -> Math.max(value, 0) - value * target + Math.log1p(Math.exp(-Math.abs(value)));
    };
  }

  /** ln p, at least −100; not a number stays so. */
  private static double log(double p) {
    return -capped(-Math.log(p));
  }

  private static double capped(double loss) {
    return loss > LARGEST ? LARGEST : loss;
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  private static double logSumExp(float[] values) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float value : values) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (float value : values) {
      sum += Math.exp(value - largest);
    }
    return largest + Math.log(sum);
  }

  @Override
  public void add(int place, float[] output, float[] target) {
    double value = loss.of(output, target);
    if (!Double.isFinite(value)) {
      throw new NotANumber(place);
    }
    values[place] = value;
  }

  @Override
  public Measurement measurement() {
    double[] ones = new double[values.length];
    Arrays.fill(ones, 1);
    return new Ratio(values, ones, root ? Math::sqrt : mean -> mean);
  }
}
