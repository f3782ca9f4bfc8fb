package dev.espalier.engine.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Places of a kernel's stored elements in its matrix, written out by hand. */
class KernelMatrixTest {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  @Test
  void shouldHaveARowForEachOutputWhateverTheOrderOfAProductsAxes() {
    int[][] outputsFirst = {{0, 1, 2}, {3, 4, 5}};
    int[][] inputsFirst = {{0, 2, 4}, {1, 3, 5}};
    Attribute yes = new Attribute.Int(1);

    assertThat(matrix("Gemm", Map.of("transB", yes), 1, 2, 3)).isDeepEqualTo(outputsFirst);
    assertThat(matrix("Gemm", Map.of(), 1, 3, 2)).isDeepEqualTo(inputsFirst);
    assertThat(matrix("MatMul", Map.of(), 1, 3, 2)).isDeepEqualTo(inputsFirst);
    assertThat(matrix("MatMulInteger", Map.of(), 1, 3, 2)).isDeepEqualTo(inputsFirst);
    assertThat(matrix("QLinearMatMul", Map.of(), 3, 3, 2)).isDeepEqualTo(inputsFirst);
    assertThat(matrix("Gemm", Map.of(), 0, 2, 3)).isDeepEqualTo(outputsFirst);
    assertThat(matrix("Gemm", Map.of("transA", yes), 0, 3, 2)).isDeepEqualTo(inputsFirst);
    assertThat(matrix("MatMul", Map.of(), 0, 2, 3)).isDeepEqualTo(outputsFirst);
  }

  @Test
  void shouldRunByPositionAndThenByChannelWhenConvolving() {
    // [2 out, 2 in, 1 × 2]: element = 4 · out + 2 · in + position
    int[][] expected = {{0, 2, 1, 3}, {4, 6, 5, 7}};

    for (String operator : List.of("Conv", "DeformConv", "ConvInteger")) {
      assertThat(matrix(operator, Map.of(), 1, 2, 2, 1, 2)).isDeepEqualTo(expected);
    }
    assertThat(matrix("QLinearConv", Map.of(), 3, 2, 2, 1, 2)).isDeepEqualTo(expected);
  }

  @Test
  void shouldKeepGroupsApartWhenTransposedConvolutionsAreGrouped() {
    // [4 in, 1 out of each group, 2]: element = 2 · in + position; groups of 2 inputs
    assertThat(matrix("ConvTranspose", Map.of("group", new Attribute.Int(2)), 1, 4, 1, 2))
        .isDeepEqualTo(new int[][] {{0, 2, 1, 3}, {4, 6, 5, 7}});
    assertThat(matrix("ConvTranspose", Map.of(), 1, 2, 2, 1))
        .isDeepEqualTo(new int[][] {{0, 2}, {1, 3}});
  }

  @Test
  void shouldTakeDirectionsAndStacksForOutputs() {
    int[][] expected = {{0, 1}, {2, 3}, {4, 5}, {6, 7}};

    assertThat(matrix("LSTM", Map.of(), 1, 2, 2, 2)).isDeepEqualTo(expected);
    assertThat(matrix("GRU", Map.of(), 2, 2, 2, 2)).isDeepEqualTo(expected);
    assertThat(matrix("MatMul", Map.of(), 1, 2, 2, 2))
        .isDeepEqualTo(new int[][] {{0, 2}, {1, 3}, {4, 6}, {5, 7}});
  }

  @Test
  void shouldSumOverWhatTheResultLacksWhenAnEquationSays() {
    // A projection from heads: its inputs are two axes that lie one behind the other.
    assertThat(matrix("Einsum", equation("abcd,cde->abe"), 1, 2, 2, 2))
        .isDeepEqualTo(new int[][] {{0, 2, 4, 6}, {1, 3, 5, 7}});
    assertThat(matrix("Einsum", equation("abc, cde -> abde"), 1, 2, 2, 1))
        .isDeepEqualTo(new int[][] {{0, 2}, {1, 3}});
    assertThat(matrix("Einsum", equation("ab,bc"), 1, 2, 2))
        .isDeepEqualTo(new int[][] {{0, 2}, {1, 3}});
  }

  @Test
  void shouldFollowAWeightThroughWhatOnlyRearrangesIt() {
    kernel("w", 2, 3, 1, 1);
    tensors.put("shape", Tensor.of(new long[] {0, -1}, 2));
    node("Reshape", "flat", Map.of(), "w", "shape");
    node("Transpose", "turned", Map.of(), "flat");
    node("Identity", "same", Map.of(), "turned");
    node("MatMul", "y", Map.of(), "x", "same");

    assertThat(elements(matrices())).isDeepEqualTo(new int[][] {{0, 1, 2}, {3, 4, 5}});
  }

  @Test
  void shouldFollowAxesThatComeAndGo() {
    kernel("w", 2, 3);
    tensors.put("axes", Tensor.of(new long[] {-1, 0}, 2));
    node("Unsqueeze", "wide", Map.of(), "w", "axes");
    node("Squeeze", "narrow", Map.of(), "wide");
    node("Flatten", "flat", Map.of("axis", new Attribute.Int(1)), "narrow");
    node("Gemm", "y", Map.of("transB", new Attribute.Int(1)), "x", "flat");

    assertThat(elements(matrices())).isDeepEqualTo(new int[][] {{0, 1, 2}, {3, 4, 5}});
  }

  @Test
  void shouldAgreeWhenTwoOperatorsReadAWeightAlike() {
    kernel("w", 2, 2);
    node("MatMul", "y", Map.of(), "x", "w");
    node("Gemm", "z", Map.of(), "y", "w");

    assertThat(elements(matrices())).isDeepEqualTo(new int[][] {{0, 2}, {1, 3}});
  }

  @Test
  void shouldRefuseByNameWhenUsesOfAWeightDisagree() {
    kernel("tied.weight", 2, 2);
    node("MatMul", "y", Map.of(), "x", "tied.weight");
    node("Gemm", "z", Map.of("transB", new Attribute.Int(1)), "y", "tied.weight");

    assertThatThrownBy(this::matrices)
        .hasMessageContaining("operator-unsupported")
        .hasMessageContaining("'tied.weight'")
        .hasMessageContaining("exclude layer 'tied'");
  }

  @Test
  void shouldRefuseByNameWhenOnlyPartOfAWeightIsRead() {
    kernel("w", 4, 2);
    node("Slice", "part", Map.of(), "w");
    node("MatMul", "y", Map.of(), "x", "part");

    assertThatThrownBy(this::matrices).hasMessageContaining("'w'");
  }

  @Test
  void shouldRefuseByNameWhenAnAxisWouldHaveNoRegularStride() {
    kernel("w", 4, 3);
    tensors.put("shape", Tensor.of(new long[] {2, 6}, 2));
    node("Transpose", "turned", Map.of(), "w");
    node("Reshape", "mixed", Map.of(), "turned", "shape");
    node("MatMul", "y", Map.of(), "x", "mixed");

    assertThatThrownBy(this::matrices).hasMessageContaining("does not follow");
  }

  private static Map<String, Attribute> equation(String text) {
    return Map.of("equation", new Attribute.Text(text));
  }

  private int[][] matrix(
      String operator, Map<String, Attribute> attributes, int slot, long... shape) {
    tensors.clear();
    nodes.clear();
    kernel("w", shape);
    String[] inputs = new String[slot + 2];
    Arrays.fill(inputs, "x");
    inputs[slot] = "w";
    node(operator, "y", attributes, inputs);
    return elements(matrices());
  }

  private void kernel(String name, long... shape) {
    tensors.put(name, Tensor.zeros(DataType.FLOAT, shape));
  }

  private void node(
      String operator, String output, Map<String, Attribute> attributes, String... inputs) {
    nodes.add(new Node("n" + nodes.size(), operator, List.of(inputs), List.of(output), attributes));
  }

  private KernelMatrix matrices() {
    String name = tensors.keySet().iterator().next();
    String layer = name.replace(".weight", "");
    Parameter parameter = new Parameter(name, name, layer, Parameter.Role.KERNEL);
    Graph graph = new Graph(17, List.of(), List.of(), nodes, tensors, List.of(parameter));
    return new KernelMatrices(graph).of(parameter);
  }

  /** The stored positions of a matrix' elements. */
  private static int[][] elements(KernelMatrix matrix) {
    int[] rows = offsets(matrix.rows());
    int[] columns = offsets(matrix.columns());
    int[][] elements = new int[rows.length][columns.length];
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < columns.length; c++) {
        elements[r][c] = rows[r] + columns[c];
      }
    }
    return elements;
  }

  private static int[] offsets(List<Extent> extents) {
    int[] offsets = {0};
    for (Extent extent : extents) {
      int[] next = new int[offsets.length * extent.size()];
      for (int i = 0; i < next.length; i++) {
        next[i] = offsets[i / extent.size()] + i % extent.size() * extent.stride();
      }
      offsets = next;
    }
    return offsets;
  }
}
