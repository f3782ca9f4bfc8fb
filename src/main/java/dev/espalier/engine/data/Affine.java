package dev.espalier.engine.data;

import dev.espalier.contract.JobSpec.Preprocess;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Preprocessing of one input's samples: {@code (x · scale − mean[c]) / std[c]} in float32. */
final class Affine {
  private final float scale;
  private final float[] mean;
  private final float[] std;
  private final int channels;
  private final int run;

  private Affine(float scale, float[] mean, float[] std, int run) {
    this.scale = scale;
    this.mean = mean;
    this.std = std;
    this.channels = mean.length;
    this.run = run;
  }

  /**
   * Preprocessing for samples of {@code shape}. Channels are the first axis when it has as many
   * elements as there are constants, else the last.
   *
   * @param preprocess constants, or null for none
   * @throws Refusal {@code data-mismatch} when the constants are unusable or fit neither axis
   */
  static Affine of(@Nullable Preprocess preprocess, long... shape) {
    if (preprocess == null) {
      return new Affine(1f, new float[] {0f}, new float[] {1f}, Integer.MAX_VALUE);
    }
    int channels = Math.max(1, Math.max(preprocess.mean().size(), preprocess.std().size()));
    float scale = preprocess.scale() == null ? 1f : preprocess.scale().floatValue();
    float[] mean = perChannel("mean", preprocess.mean(), 0f, channels);
    float[] std = perChannel("std", preprocess.std(), 1f, channels);
    for (float divisor : std) {
      if (divisor == 0f) {
        throw unusable("std must not be 0");
      }
    }
    if (!Float.isFinite(scale)) {
      throw unusable("scale must be finite");
    }
    return new Affine(scale, mean, std, channels == 1 ? Integer.MAX_VALUE : run(channels, shape));
  }

  private static float[] perChannel(String name, List<Double> values, float absent, int channels) {
    float[] all = new float[channels];
    Arrays.fill(all, values.isEmpty() ? absent : values.get(0).floatValue());
    if (values.size() > 1 && values.size() != channels) {
      throw unusable(name + " has " + values.size() + " values, the other list " + channels);
    }
    for (int c = 0; c < values.size(); c++) {
      all[c] = values.get(c).floatValue();
      if (!Float.isFinite(all[c])) {
        throw unusable(name + " must be finite");
      }
    }
    return all;
  }

  /** Neighbouring elements of one channel. */
  private static int run(int channels, long... shape) {
    if (shape.length > 1 && shape[0] == channels) {
      return Math.toIntExact(Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact));
    }
    if (shape.length > 0 && shape[shape.length - 1] == channels) {
      return 1;
    }
    throw unusable(channels + " channels do not fit samples of shape " + Arrays.toString(shape));
  }

  /** Whether values stay what they are. */
  boolean isIdentity() {
    return channels == 1 && scale == 1f && mean[0] == 0f && std[0] == 1f;
  }

  /** Preprocesses all values of a sample in place. */
  void apply(float[] sample) {
    for (int from = 0; from < sample.length; from += run) {
      int channel = from / run % channels;
      apply(sample, from, Math.min(from + run, sample.length), mean[channel], std[channel]);
    }
  }

  private void apply(float[] sample, int from, int to, float shift, float divisor) {
    for (int i = from; i < to; i++) {
      sample[i] = (sample[i] * scale - shift) / divisor;
    }
  }

  private static Refusal unusable(String what) {
    return new Refusal(ReasonCode.DATA_MISMATCH, "preprocess: " + what);
  }
}
