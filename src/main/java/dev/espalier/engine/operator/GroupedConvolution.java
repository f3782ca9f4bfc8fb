package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/** A convolution in groups of channels: a matrix product per sample and group. */
final class GroupedConvolution implements Step {
  private final Value x;
  private final Value w;
  private final ChannelBias bias;
  private final Value result;
  private final int groups;
  private final int samples;
  private final Columns columns;
  private final Product product;
  private final FloatBuffer matrix;
  private final FloatBuffer matrixGradient;

  /** Binds to [x, w] or [x, w, bias]. */
  GroupedConvolution(List<Value> operands, Value result, Window rows, Window columns, int groups) {
    this.x = operands.get(0);
    this.w = operands.get(1);
    this.bias = new ChannelBias(operands, result);
    this.result = result;
    this.groups = groups;
    this.samples = (int) result.data().dimension(0);
    this.columns = new Columns(rows, columns, (int) w.data().dimension(1));
    int kernels = (int) w.data().dimension(0) / groups;
    this.product =
        new Product(false, false, kernels, this.columns.width(), this.columns.height(), 1f);
    int size = product.k() * product.n();
    this.matrix = Tensor.zeros(DataType.FLOAT, size).floats();
    this.matrixGradient = Tensor.zeros(DataType.FLOAT, x.differentiated() ? size : 0).floats();
  }

  private FloatBuffer kernels(Tensor all, int group) {
    int size = product.m() * product.k();
    return all.floats().slice(group * size, size);
  }

  private FloatBuffer outputs(Tensor all, int sample, int group) {
    int size = product.m() * product.n();
    return all.floats().slice((sample * groups + group) * size, size);
  }

  @Override
  public void forward(RandomGenerator noise) {
    for (int sample = 0; sample < samples; sample++) {
      for (int group = 0; group < groups; group++) {
        int image = (sample * groups + group) * columns.imageSize();
        columns.unfold(x.data().floats(), image, matrix);
        product.forward(
            kernels(w.data(), group), matrix, 0f, outputs(result.data(), sample, group));
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
        FloatBuffer g = outputs(result.requiredGradient(), sample, group);
        if (w.differentiated()) {
          columns.unfold(x.data().floats(), image, matrix);
          float beta = sample == 0 ? 0f : 1f;
          product.leftGradient(matrix, g, beta, kernels(w.requiredGradient(), group));
        }
        if (x.differentiated()) {
          product.rightGradient(kernels(w.data(), group), g, 0f, matrixGradient);
          columns.fold(matrixGradient, x.requiredGradient().floats(), image);
        }
      }
    }
  }
}
