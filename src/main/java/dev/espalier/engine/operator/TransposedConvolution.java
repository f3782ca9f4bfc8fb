package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/** A transposed convolution: a matrix product per sample and group, folded into an image. */
final class TransposedConvolution implements Step {
  private final Value x;
  private final Value w;
  private final ChannelBias bias;
  private final Value result;
  private final int groups;
  private final int samples;
  private final Columns columns;
  private final Product product;
  private final FloatBuffer matrix;

  /**
   * Binds to [x, w] or [x, w, bias].
   *
   * @param rows windows over the result's rows, one per row of x
   * @param columns windows over the result's columns, one per column of x
   */
  TransposedConvolution(
      List<Value> operands, Value result, Window rows, Window columns, int groups) {
    this.x = operands.get(0);
    this.w = operands.get(1);
    this.bias = new ChannelBias(operands, result);
    this.result = result;
    this.groups = groups;
    this.samples = (int) result.data().dimension(0);
    this.columns = new Columns(rows, columns, (int) w.data().dimension(1));
    int channels = (int) w.data().dimension(0) / groups;
    this.product =
        new Product(true, false, this.columns.height(), this.columns.width(), channels, 1f);
    this.matrix = Tensor.zeros(DataType.FLOAT, product.m(), product.n()).floats();
  }

  private FloatBuffer kernels(Tensor all, int group) {
    int size = product.m() * product.k();
    return all.floats().slice(group * size, size);
  }

  private FloatBuffer inputs(Tensor all, int sample, int group) {
    int size = product.k() * product.n();
    return all.floats().slice((sample * groups + group) * size, size);
  }

  @Override
  public void forward(RandomGenerator noise) {
    for (int sample = 0; sample < samples; sample++) {
      for (int group = 0; group < groups; group++) {
        product.forward(kernels(w.data(), group), inputs(x.data(), sample, group), 0f, matrix);
        int image = (sample * groups + group) * columns.imageSize();
        columns.fold(matrix, result.data().floats(), image);
      }
    }
    bias.add();
  }

  @Override
  public void backward() {
    bias.reduce();
    for (int sample = 0; sample < samples; sample++) {
      for (int group = 0; group < groups; group++) {
        int image = (sample * groups + group) * columns.imageSize();
        columns.unfold(result.requiredGradient().floats(), image, matrix);
        FloatBuffer input = inputs(x.data(), sample, group);
        if (w.differentiated()) {
          float beta = sample == 0 ? 0f : 1f;
          product.leftGradient(input, matrix, beta, kernels(w.requiredGradient(), group));
        }
        if (x.differentiated()) {
          FloatBuffer gradient = inputs(x.requiredGradient(), sample, group);
          product.rightGradient(kernels(w.data(), group), matrix, 0f, gradient);
        }
      }
    }
  }
}
