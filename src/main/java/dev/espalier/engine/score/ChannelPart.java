package dev.espalier.engine.score;

import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.Weights;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the channels of a group own of one tensor, which is seen as [outer, positions, inner]: the
 * axis in the middle says whose an element is.
 *
 * @param role what these weights are to a channel
 * @param weights of the whole tensor
 * @param sensitivity of the loss to the same weights; null without gradients
 * @param products Σ g·w at each of its positions, batch by batch, as in {@link AxisProducts}; null
 *     without
 * @param positions size of the axis, at least 1
 * @param inner elements at each position of the axis, at least 1
 * @param channel the channel, in [0, channels), of a position on the axis; negative for none of
 *     this group
 */
public record ChannelPart(
    Role role,
    Weights weights,
    @Nullable Sensitivity sensitivity,
    @Nullable Tensor products,
    int positions,
    int inner,
    IntUnaryOperator channel) {
  private static final int CHUNK = 4096;

  /** What weights are to a channel. */
  public enum Role {
    /** The kernel that computes it: the filter. */
    FILTER,
    /** The scale γ of a batch normalisation of it. */
    SCALE,
    /** Kernels that read it. */
    READER,
    /** Whatever else belongs to it: biases, shifts, depthwise kernels, slopes. */
    OTHER
  }

  /** Adds, to the sum of each channel, a function of the magnitude of each of its weights. */
  void addMagnitudes(DoubleUnaryOperator function, double... sums) {
    int[] magnitudes = new int[Math.min(CHUNK, weights.size())];
    for (int from = 0; from < weights.size(); from += CHUNK) {
      int count = Math.min(CHUNK, weights.size() - from);
      weights.magnitudes(from, count, magnitudes);
      for (int i = 0; i < count; i++) {
        int owner = owner(from + i);
        if (owner >= 0) {
          sums[owner] += function.applyAsDouble(Float.intBitsToFloat(magnitudes[i]));
        }
      }
    }
  }

  /** Adds, to the sum of each channel, g·w of each of its weights. */
  void addProducts(double... sums) {
    Sensitivity known = Sensitivity.required(sensitivity);
    FloatBuffer gradient = known.gradient().floats();
    FloatBuffer values = known.weights().floats();
    for (int i = 0; i < weights.size(); i++) {
      int owner = owner(i);
      if (owner >= 0) {
        sums[owner] += (double) gradient.get(i) * values.get(i);
      }
    }
  }

  /** Adds, to the sum of each channel in each batch, g·w of each of its weights. */
  void addBatchProducts(double[][] sums) {
    DoubleBuffer values = Objects.requireNonNull(products).doubles();
    for (int batch = 0; batch < sums.length; batch++) {
      for (int p = 0; p < positions; p++) {
        int owner = channel.applyAsInt(p);
        if (owner >= 0) {
          sums[batch][owner] += values.get(batch * positions + p);
        }
      }
    }
  }

  /**
   * The weights of each channel in the order of the tensor, from {@code starts} on.
   *
   * @param rows a row per channel; null for those that are left out
   * @param starts where in its row a channel goes on; moved on by what it owns
   */
  void copyTo(float[] @Nullable [] rows, int... starts) {
    float[] values = new float[Math.min(CHUNK, weights.size())];
    for (int from = 0; from < weights.size(); from += CHUNK) {
      int count = Math.min(CHUNK, weights.size() - from);
      weights.values(from, count, values);
      for (int i = 0; i < count; i++) {
        int owner = owner(from + i);
        if (owner >= 0 && rows[owner] != null) {
          rows[owner][starts[owner]++] = values[i];
        }
      }
    }
  }

  /** Adds, to the count of each channel, how many of the weights it owns. */
  void addCounts(int... counts) {
    for (int i = 0; i < weights.size(); i++) {
      int owner = owner(i);
      if (owner >= 0) {
        counts[owner]++;
      }
    }
  }

  private int owner(int element) {
    return channel.applyAsInt(element / inner % positions);
  }
}
