package dev.espalier.engine.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Large images: more samples than the kernel works on at a time. */
class DepthwiseConvolutionTest {
  private final Random random = new Random(3);

  private Tensor normal(long... shape) {
    Tensor tensor = Tensor.zeros(DataType.FLOAT, shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.floats().put(i, (float) random.nextGaussian());
    }
    return tensor;
  }

  private static List<Value> fresh(List<Tensor> data) {
    return data.stream().map(d -> new Value(d, Tensor.zeros(DataType.FLOAT, d.shape()))).toList();
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 1", "2, 1, 1, 2", "2, 2, 1, 1", "3, 1, 2, 1", "1, 2, 3, 0"})
  void shouldAgreeWithGroupsOfOneChannelWhenImagesAreLarge(
      int stride, int dilation, int multiplier, int padding) {
    Window rows = window(41, 3, stride, dilation, padding);
    Window columns = window(37, 2, stride, dilation, padding);
    int channels = 2;
    List<Tensor> data =
        List.of(
            normal(5, channels, 41, 37),
            normal((long) channels * multiplier, 1, 3, 2),
            normal((long) channels * multiplier));
    Tensor cotangent = normal(5, (long) channels * multiplier, rows.output(), columns.output());
    List<Value> depthwise = fresh(data);
    List<Value> grouped = fresh(data);
    Value result = new Value(Tensor.zeros(DataType.FLOAT, cotangent.shape()), cotangent);
    Value expected = new Value(Tensor.zeros(DataType.FLOAT, cotangent.shape()), cotangent);

    play(new DepthwiseConvolution(depthwise, result, rows, columns));
    play(new GroupedConvolution(grouped, expected, rows, columns, channels));

    assertClose(result.data(), expected.data());
    for (int i = 0; i < 3; i++) {
      assertClose(depthwise.get(i).requiredGradient(), grouped.get(i).requiredGradient());
    }
  }

  private static void play(Step step) {
    IntStream.range(0, 2)
        .forEach(
            i -> {
              step.forward(new SplittableRandom(1));
              step.backward();
            });
  }

  private static Window window(int input, int kernel, int stride, int dilation, int padding) {
    int extent = (kernel - 1) * dilation + 1;
    int output = (input + 2 * padding - extent) / stride + 1;
    return new Window(kernel, stride, dilation, padding, padding, input, output);
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    assertThat(actual.toFloats()).containsExactly(expected.toFloats(), within(2e-3f));
  }
}
