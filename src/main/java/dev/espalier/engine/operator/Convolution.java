package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A convolution on ND4J's {@code conv2d} and {@code conv2d_bp} in NCHW layout with [m, c, kh, kw]
 * kernels. ND4J pads both ends alike; other padding is written into an enlarged copy first.
 */
final class Convolution implements Step {
  private final Value x;
  private final Padding padding;
  private final CustomOp forward;
  private final CustomOp backward;

  /** Binds to [x, w] or [x, w, bias]; one spatial axis is an image of one row. */
  Convolution(List<Value> operands, Window rows, Window columns, Value result) {
    x = operands.get(0);
    padding = new Padding(x, rows, columns);
    long[] w = operands.get(1).data().shape();
    long n = x.data().dimension(0);
    long[] kernel = {w[0], w[1], rows.kernel(), columns.kernel()};
    long[] image = padding.image().shape();
    long[] outputs = {n, w[0], rows.output(), columns.output()};
    INDArray weights = Native.array(operands.get(1).data(), kernel);
    INDArray input = Native.array(padding.image(), image);
    Stream<INDArray> bias = operands.stream().skip(2).map(b -> Native.array(b.data(), w[0]));
    List<INDArray> inputs =
        new ArrayList<>(Stream.concat(Stream.of(input, weights), bias).toList());
    int[] arguments = {
      rows.kernel(),
      columns.kernel(),
      rows.stride(),
      columns.stride(),
      padding.rows(),
      padding.columns(),
      rows.dilation(),
      columns.dilation(),
      0, // explicit padding
      0, // NCHW
      1 // kernels as [m, c, kh, kw]
    };
    forward = op("conv2d", inputs, List.of(Native.array(result.data(), outputs)), arguments);
    List<INDArray> gradients = new ArrayList<>();
    gradients.add(Native.array(padding.gradient(), image));
    gradients.add(Native.array(gradientOrScratch(operands.get(1)), kernel));
    operands.stream().skip(2).forEach(b -> gradients.add(Native.array(gradientOrScratch(b), w[0])));
    if (result.differentiated()) {
      inputs.add(Native.array(result.requiredGradient(), outputs));
      backward = op("conv2d_bp", inputs, gradients, arguments);
    } else {
      backward = forward;
    }
  }

  private static CustomOp op(
      String name, List<INDArray> inputs, List<INDArray> outputs, int... arguments) {
    return DynamicCustomOp.builder(name)
        .addInputs(inputs.toArray(INDArray[]::new))
        .addOutputs(outputs.toArray(INDArray[]::new))
        .addIntegerArguments(arguments)
        .build();
  }

  private static Tensor gradientOrScratch(Value value) {
    Tensor gradient = value.gradient();
    return gradient != null ? gradient : Tensor.zeros(DataType.FLOAT, value.data().shape());
  }

  @Override
  public void forward(RandomGenerator noise) {
    padding.load();
    Nd4j.exec(forward);
  }

  @Override
  public void backward() {
    Nd4j.exec(backward);
    padding.store();
  }
}
