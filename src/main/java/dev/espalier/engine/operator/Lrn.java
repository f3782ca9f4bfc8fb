package dev.espalier.engine.operator;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__LRN.html">LRN</a>, local response
 * normalisation over channels (Krizhevsky et al. 2012): y = x / sᵝ with s = bias + α/size · Σ x²
 * over {@code size} channels around x's. ∂L/∂xᵢ = gᵢ sᵢ⁻ᵝ − 2αβ/size · xᵢ Σⱼ gⱼ xⱼ sⱼ⁻ᵝ⁻¹ over the
 * channels j whose windows hold i.
 */
final class Lrn implements Operator.Computed {
  private final Site site;
  private final int before;
  private final int after;
  private final double factor;
  private final double beta;
  private final double bias;

  Lrn(Site site) {
    this.site = site;
    site.operands(1, 1);
    int size = Math.toIntExact(site.node().integer("size", 0));
    if (size < 1) {
      throw site.untrainable("size is " + size);
    }
    this.before = (size - 1) / 2;
    this.after = size / 2;
    this.factor = (double) site.node().real("alpha", 1e-4f) / size;
    this.beta = site.node().real("beta", 0.75f);
    this.bias = site.node().real("bias", 1f);
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(1);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    if (operands.get(0).length < 3) {
      throw site.mismatch(operands);
    }
    return operands.get(0);
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    Value x = operands.get(0);
    int channels = (int) x.data().dimension(1);
    int plane = x.data().size() / (int) x.data().dimension(0) / channels;
    FloatBuffer in = x.data().floats();
    FloatBuffer out = result.data().floats();
    double[] values = new double[channels];
    double[] sums = new double[channels];
    double[] terms = new double[channels];
    return new Step() {
      @Override
      public void forward(RandomGenerator noise) {
        for (int v = 0; v < in.capacity() / channels; v++) {
          load(v);
          for (int c = 0; c < channels; c++) {
            out.put(at(v, c), (float) (values[c] * Math.pow(sums[c], -beta)));
          }
        }
      }

      @Override
      public void backward() {
        FloatBuffer from = result.requiredGradient().floats();
        FloatBuffer to = x.requiredGradient().floats();
        for (int v = 0; v < in.capacity() / channels; v++) {
          load(v);
          for (int c = 0; c < channels; c++) {
            terms[c] = from.get(at(v, c)) * values[c] * Math.pow(sums[c], -beta - 1);
          }
          for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int j = Math.max(0, c - after); j <= Math.min(channels - 1, c + before); j++) {
              sum += terms[j];
            }
            double direct = from.get(at(v, c)) * Math.pow(sums[c], -beta);
            to.put(at(v, c), (float) (direct - 2 * factor * beta * values[c] * sum));
          }
        }
      }

      /** Element of channel {@code c} of the vector over channels numbered {@code v}. */
      private int at(int v, int c) {
        return (v / plane * channels + c) * plane + v % plane;
      }

      private void load(int v) {
        for (int c = 0; c < channels; c++) {
          values[c] = in.get(at(v, c));
        }
        for (int c = 0; c < channels; c++) {
          double sum = 0;
          for (int j = Math.max(0, c - before); j <= Math.min(channels - 1, c + after); j++) {
            sum += values[j] * values[j];
          }
          sums[c] = bias + factor * sum;
        }
      }
    };
  }
}
