package dev.espalier.engine.operator;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A convolution in groups of one channel: every channel by kernels of its own. Channels are worked
 * on one after the other, tap by tap over all windows at once, in loops that the JIT vectorises.
 */
final class DepthwiseConvolution implements Step {
  /** Elements worked on at a time, so that they stay in the second cache level. */
  private static final int RUN = 4096;

  private final Value x;
  private final Value w;
  private final ChannelBias bias;
  private final Value result;
  private final Phases phases;
  private final int[] starts;
  private final int samples;

  /** Samples worked on at a time. */
  private final int block;

  private final int channels;
  private final int multiplier;
  private final int outputHeight;
  private final int outputWidth;

  private final float[] plane;
  private final float[] split;
  private final float[] splitGradient;
  private final float[] output;
  private final float[] run;
  private final float[] tapped;
  private final float[] kernels;

  /** Per kernel of a channel and tap, products that are summed over windows at the end. */
  private final float[][] products;

  /** Binds to [x, w] or [x, w, bias]. */
  DepthwiseConvolution(List<Value> operands, Value result, Window rows, Window columns) {
    this.x = operands.get(0);
    this.w = operands.get(1);
    this.bias = new ChannelBias(operands, result);
    this.result = result;
    this.samples = (int) x.data().dimension(0);
    this.block = Math.max(1, Math.min(samples, RUN / Phases.part(rows, columns)));
    this.phases = new Phases(rows, columns, block);
    this.starts = new int[rows.kernel() * columns.kernel()];
    Arrays.setAll(starts, tap -> phases.start(tap / columns.kernel(), tap % columns.kernel()));
    this.channels = (int) x.data().dimension(1);
    this.multiplier = (int) w.data().dimension(0) / channels;
    this.outputHeight = rows.output();
    this.outputWidth = columns.output();
    this.plane = new float[rows.input() * columns.input()];
    this.split = new float[phases.size()];
    this.splitGradient = new float[phases.size()];
    this.output = new float[rows.output() * columns.output()];
    this.run = new float[phases.run()];
    this.tapped = new float[run.length];
    this.kernels = new float[w.data().size()];
    this.products = new float[multiplier * starts.length][run.length];
  }

  @Override
  public void forward(RandomGenerator noise) {
    w.data().floats().get(0, kernels);
    FloatBuffer results = result.data().floats();
    for (int c = 0; c < channels; c++) {
      for (int first = 0; first < samples; first += block) {
        load(first, c);
        for (int k = c * multiplier; k < (c + 1) * multiplier; k++) {
          Arrays.fill(run, 0f);
          for (int tap = 0; tap < starts.length; tap++) {
            System.arraycopy(split, starts[tap], tapped, 0, run.length);
            multiply(tapped, kernels[k * starts.length + tap], run);
          }
          for (int n = first; n < Math.min(samples, first + block); n++) {
            for (int row = 0; row < outputHeight; row++) {
              int at = phases.position(n - first, row);
              System.arraycopy(run, at, output, row * outputWidth, outputWidth);
            }
            results.put((n * channels * multiplier + k) * output.length, output);
          }
        }
      }
    }
    bias.add();
  }

  /** Brings a channel of some samples into place. */
  private void load(int first, int c) {
    FloatBuffer images = x.data().floats();
    for (int n = first; n < Math.min(samples, first + block); n++) {
      images.get((n * channels + c) * plane.length, plane);
      phases.split(n - first, plane, split);
    }
  }

  @Override
  public void backward() {
    bias.reduce();
    w.data().floats().get(0, kernels);
    for (int c = 0; c < channels; c++) {
      for (float[] sums : products) {
        Arrays.fill(sums, 0f);
      }
      for (int first = 0; first < samples; first += block) {
        chain(first, c);
      }
      for (int i = 0; w.differentiated() && i < products.length; i++) {
        float sum = (float) Buffers.sum(products[i], run.length);
        w.requiredGradient().floats().put(c * products.length + i, sum);
      }
    }
  }

  private void chain(int first, int c) {
    load(first, c);
    Arrays.fill(splitGradient, 0f);
    for (int k = 0; k < multiplier; k++) {
      loadGradients(first, c * multiplier + k);
      for (int tap = 0; tap < starts.length; tap++) {
        if (w.differentiated()) {
          System.arraycopy(split, starts[tap], tapped, 0, run.length);
          multiply(tapped, run, products[k * starts.length + tap]);
        }
        if (x.differentiated()) {
          float weight = kernels[(c * multiplier + k) * starts.length + tap];
          System.arraycopy(splitGradient, starts[tap], tapped, 0, run.length);
          multiply(run, weight, tapped);
          System.arraycopy(tapped, 0, splitGradient, starts[tap], run.length);
        }
      }
    }
    for (int n = first; x.differentiated() && n < Math.min(samples, first + block); n++) {
      Arrays.fill(plane, 0f);
      phases.join(n - first, splitGradient, plane);
      x.requiredGradient().floats().put((n * channels + c) * plane.length, plane);
    }
  }

  /** Brings the gradients of a channel of the result into place; the gaps of the run are 0. */
  private void loadGradients(int first, int k) {
    FloatBuffer gradients = result.requiredGradient().floats();
    Arrays.fill(run, 0f);
    for (int n = first; n < Math.min(samples, first + block); n++) {
      gradients.get((n * channels * multiplier + k) * output.length, output);
      for (int row = 0; row < outputHeight; row++) {
        int at = phases.position(n - first, row);
        System.arraycopy(output, row * outputWidth, run, at, outputWidth);
      }
    }
  }

  // The JIT only vectorises loops that index all arrays alike, since they might be the same array:
  // hence the copies of what a tap reads.

  private static void multiply(float[] values, float factor, float[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += factor * values[i];
    }
  }

  private static void multiply(float[] values, float[] factors, float[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += values[i] * factors[i];
    }
  }
}
