package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A convolution on ND4J's {@code conv2d} and {@code conv2d_bp}. One spatial axis is an image of one
 * row.
 */
final class Convolution implements Step {
  private final Padding padding;
  private final Kernels kernels;
  private final CustomOp forward;
  private final Runnable backward;

  /** Binds to [x, w] or [x, w, bias]. */
  Convolution(List<Value> operands, Window rows, Window columns, Value result) {
    padding = new Padding(operands.get(0), rows.dense(), columns.dense());
    kernels = new Kernels(operands.get(1), rows, columns);
    long n = result.data().dimension(0);
    long m = result.data().dimension(1);
    Value output = result.reshaped(n, m, rows.output(), columns.output());
    List<Value> bias = operands.subList(2, operands.size());
    List<Tensor> read =
        Stream.concat(Stream.of(padding.image(), kernels.data()), bias.stream().map(Value::data))
            .toList();
    forward = op("conv2d", read, List.of(output.data()));
    if (!output.differentiated()) {
      backward = () -> {};
    } else if (WeightGradient.suits(padding)) {
      backward = weightsOnly(bias, output.requiredGradient());
    } else {
      Stream<Tensor> gradients = Stream.of(padding.gradient(), kernels.gradient());
      CustomOp both =
          op(
              "conv2d_bp",
              Stream.concat(read.stream(), Stream.of(output.requiredGradient())).toList(),
              Stream.concat(gradients, bias.stream().map(Convolution::orScratch)).toList());
      backward = () -> Nd4j.exec(both);
    }
  }

  private Runnable weightsOnly(List<Value> bias, Tensor gradient) {
    WeightGradient ofWeights = new WeightGradient(padding, gradient, kernels.gradient());
    Broadcast overBias = Broadcast.of(new long[] {gradient.dimension(1), 1, 1}, gradient.shape());
    return () -> {
      ofWeights.run();
      bias.forEach(b -> overBias.reduce(gradient.floats(), orScratch(b).floats(), 1f));
    };
  }

  private CustomOp op(String name, List<Tensor> inputs, List<Tensor> outputs) {
    return Native.convolution(name, inputs, outputs, padding.rows(), padding.columns());
  }

  private static Tensor orScratch(Value value) {
    Tensor gradient = value.gradient();
    return gradient != null ? gradient : Tensor.zeros(DataType.FLOAT, value.data().shape());
  }

  @Override
  public void forward(RandomGenerator noise) {
    padding.load();
    kernels.load();
    Nd4j.exec(forward);
  }

  @Override
  public void backward() {
    backward.run();
    padding.store();
    kernels.store();
  }
}
