package dev.espalier.engine.operator;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A convolution in groups of one channel: every channel by kernels of its own. Rows are added up
 * tap by tap, which the JIT vectorises at stride 1.
 */
final class DepthwiseConvolution implements Step {
  private final Value x;
  private final Value w;
  private final ChannelBias bias;
  private final Value result;
  private final Taps rows;
  private final Taps columns;
  private final int inputWidth;
  private final int outputWidth;
  private final int planes;
  private final int multiplier;

  private final float[] in;
  private final float[] out;
  private final float[] inGradient;
  private final float[] kernels;
  private final double[] sums;

  /** Binds to [x, w] or [x, w, bias]. */
  DepthwiseConvolution(List<Value> operands, Value result, Window rows, Window columns) {
    this.x = operands.get(0);
    this.w = operands.get(1);
    this.bias = new ChannelBias(operands, result);
    this.result = result;
    this.rows = new Taps(rows);
    this.columns = new Taps(columns);
    this.inputWidth = columns.input();
    this.outputWidth = columns.output();
    this.in = new float[rows.input() * columns.input()];
    this.inGradient = new float[in.length];
    this.out = new float[rows.output() * columns.output()];
    this.planes = x.data().size() / in.length;
    this.multiplier = result.data().size() / out.length / planes;
    this.kernels = new float[w.data().size()];
    this.sums = new double[kernels.length];
  }

  /** First weight of the kernel that makes output plane {@code p}. */
  private int kernel(int p) {
    int taps = rows.count() * columns.count();
    return p * taps % kernels.length;
  }

  @Override
  public void forward(RandomGenerator noise) {
    w.data().floats().get(0, kernels);
    FloatBuffer images = x.data().floats();
    FloatBuffer results = result.data().floats();
    for (int p = 0; p < planes * multiplier; p++) {
      images.get(p / multiplier * in.length, in);
      Arrays.fill(out, 0f);
      int weight = kernel(p);
      for (int r = 0; r < rows.count(); r++) {
        for (int c = 0; c < columns.count(); c++) {
          apply(r, c, kernels[weight++]);
        }
      }
      results.put(p * out.length, out);
    }
    bias.add();
  }

  private void apply(int r, int c, float weight) {
    int first = columns.first(c);
    int n = columns.end(c) - first;
    for (int o = rows.first(r); o < rows.end(r); o++) {
      int source = rows.input(r, o) * inputWidth + columns.input(c, first);
      gather(in, source, columns.stride(), out, o * outputWidth + first, n, weight);
    }
  }

  private static void gather(
      float[] from, int i, int stride, float[] to, int j, int n, float factor) {
    if (stride == 1) {
      for (int k = 0; k < n; k++) {
        to[j + k] += factor * from[i + k];
      }
    } else {
      for (int k = 0; k < n; k++) {
        to[j + k] += factor * from[i + k * stride];
      }
    }
  }

  @Override
  public void backward() {
    bias.reduce();
    w.data().floats().get(0, kernels);
    Arrays.fill(sums, 0);
    FloatBuffer images = x.data().floats();
    FloatBuffer gradients = result.requiredGradient().floats();
    for (int p = 0; p < planes * multiplier; p++) {
      images.get(p / multiplier * in.length, in);
      gradients.get(p * out.length, out);
      if (p % multiplier == 0) {
        Arrays.fill(inGradient, 0f);
      }
      int weight = kernel(p);
      for (int r = 0; r < rows.count(); r++) {
        for (int c = 0; c < columns.count(); c++, weight++) {
          sums[weight] += w.differentiated() ? correlate(r, c) : 0;
          if (x.differentiated()) {
            spread(r, c, kernels[weight]);
          }
        }
      }
      if (x.differentiated() && p % multiplier == multiplier - 1) {
        x.requiredGradient().floats().put(p / multiplier * in.length, inGradient);
      }
    }
    for (int i = 0; w.differentiated() && i < sums.length; i++) {
      w.requiredGradient().floats().put(i, (float) sums[i]);
    }
  }

  private double correlate(int r, int c) {
    int first = columns.first(c);
    int n = columns.end(c) - first;
    double sum = 0;
    for (int o = rows.first(r); o < rows.end(r); o++) {
      int source = rows.input(r, o) * inputWidth + columns.input(c, first);
      int target = o * outputWidth + first;
      if (columns.stride() == 1) {
        sum += Buffers.dot(in, source, out, target, n);
      } else {
        for (int k = 0; k < n; k++) {
          sum += in[source + k * columns.stride()] * out[target + k];
        }
      }
    }
    return sum;
  }

  private void spread(int r, int c, float weight) {
    int first = columns.first(c);
    int n = columns.end(c) - first;
    for (int o = rows.first(r); o < rows.end(r); o++) {
      int source = rows.input(r, o) * inputWidth + columns.input(c, first);
      scatter(out, o * outputWidth + first, inGradient, source, columns.stride(), n, weight);
    }
  }

  private static void scatter(
      float[] from, int i, float[] to, int j, int stride, int n, float factor) {
    if (stride == 1) {
      for (int k = 0; k < n; k++) {
        to[j + k] += factor * from[i + k];
      }
    } else {
      for (int k = 0; k < n; k++) {
        to[j + k * stride] += factor * from[i + k];
      }
    }
  }
}
