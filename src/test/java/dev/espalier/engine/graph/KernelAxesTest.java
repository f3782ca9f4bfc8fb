package dev.espalier.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelAxesTest {
  private final List<Node> nodes = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({
    "Conv,          4, 1, 0, 1",
    "ConvTranspose, 4, 1, 1, 0",
    "QLinearConv,   4, 3, 0, 1",
    "Gemm,          2, 1, 1, 0",
    "Gemm,          2, 0, 0, 1",
    "MatMul,        2, 1, 1, 0",
    "MatMul,        3, 1, 2, 1",
    "MatMul,        2, 0, 0, 1",
    "QLinearMatMul, 2, 3, 1, 0",
    "LSTM,          3, 2, 1, 2",
  })
  void shouldFollowTheOperatorWhenItReadsTheKernel(
      String operator, int rank, int slot, int output, int input) {
    node(operator, Map.of(), "y", inputs(slot));

    assertThat(axes(rank)).isEqualTo(new KernelAxes(output, input));
  }

  @Test
  void shouldExchangeAxesWhenGemmTransposesItsFactor() {
    node("Gemm", Map.of("transB", new Attribute.Int(1)), "y", inputs(1));

    assertThat(axes(2)).isEqualTo(new KernelAxes(0, 1));
  }

  @Test
  void shouldNameTheAxesOfTheInitializerWhenItIsTransposedOnItsWay() {
    node("DequantizeLinear", Map.of(), "real", "w", "scale");
    node("Transpose", Map.of("perm", new Attribute.Ints(List.of(2L, 3L, 1L, 0L))), "t", "real");
    node("Conv", Map.of(), "y", "x", "t");

    // The convolution's outputs are its axis 0, which is axis 2 of the initializer.
    assertThat(axes(4)).isEqualTo(new KernelAxes(2, 3));
  }

  @Test
  void shouldSayNothingWhenReadersDisagreeOrAxesAreLost() {
    node("MatMul", Map.of(), "y", "x", "w");
    node("Gemm", Map.of("transB", new Attribute.Int(1)), "z", "x", "w");
    assertThat(axes(2)).isNull();

    nodes.clear();
    node("Reshape", Map.of(), "flat", "w", "shape");
    node("MatMul", Map.of(), "y", "x", "flat");
    assertThat(axes(2)).isNull();

    nodes.clear();
    node("Einsum", Map.of(), "y", "x", "w");
    assertThat(axes(2)).isNull();
  }

  private KernelAxes axes(int rank) {
    long[] shape = new long[rank];
    Arrays.fill(shape, 2);
    Map<String, Tensor> tensors = Map.of("w", Tensor.zeros(DataType.FLOAT, shape));
    return KernelAxes.of(new Graph(17, List.of(), List.of(), nodes, tensors, List.of())).get("w");
  }

  private static String[] inputs(int slot) {
    String[] inputs = new String[slot + 1];
    Arrays.fill(inputs, "x");
    inputs[slot] = "w";
    return inputs;
  }

  private void node(
      String operator, Map<String, Attribute> attributes, String output, String... inputs) {
    nodes.add(new Node(output, operator, List.of(inputs), List.of(output), attributes));
  }
}
