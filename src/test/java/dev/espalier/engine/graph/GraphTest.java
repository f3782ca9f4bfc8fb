package dev.espalier.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphTest {
  private static final Graph GRAPH =
      new Graph(
          13,
          List.of(new ValueInfo("x", DataType.FLOAT, List.of(ValueInfo.UNKNOWN, 2L))),
          List.of(new ValueInfo("y", DataType.FLOAT, List.of(ValueInfo.UNKNOWN, 1L))),
          List.of(new Node("fc", "Gemm", List.of("x", "w", ""), List.of("y"), Map.of())),
          Map.of("w", Tensor.of(new float[] {1, 2}, 2, 1)),
          List.of(new Parameter("w", "fc.weight", "fc", Parameter.Role.KERNEL)));

  @Test
  void shouldReplaceATensorAndLeaveTheOriginalAlone() {
    Graph changed = GRAPH.with(Map.of("w", Tensor.of(new float[] {0, 2}, 2, 1)));

    assertThat(changed.tensor(changed.prunable().get(0)).toFloats()).containsExactly(0, 2);
    assertThat(GRAPH.tensor(GRAPH.prunable().get(0)).toFloats()).containsExactly(1, 2);
  }

  @Test
  void shouldRefuseToReplaceATensorItDoesNotHave() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GRAPH.with(Map.of("v", Tensor.of(new float[1], 1))))
        .withMessageContaining("'v'");
  }

  @Test
  void shouldTellOmittedInputsFromGivenOnes() {
    Node node = GRAPH.nodes().get(0);

    assertThat(node.input(1)).contains("w");
    assertThat(node.input(2)).isEmpty();
    assertThat(node.input(3)).isEmpty();
    assertThat(node.integer("transB", 0)).isZero();
  }

  @Test
  void shouldFillInOpenSizesButNotTheBatch() {
    ValueInfo image =
        new ValueInfo("x", DataType.FLOAT, List.of(ValueInfo.UNKNOWN, 1L, ValueInfo.UNKNOWN, 28L));
    Graph open = new Graph(13, List.of(image), List.of(), List.of(), Map.of(), List.of());

    Graph sized = open.sizedFor(Map.of("x", Tensor.zeros(DataType.FLOAT, 5, 1, 26, 28)));

    assertThat(image.leavesSampleSizeOpen()).isTrue();
    assertThat(sized.inputs().get(0).dimensions()).containsExactly(ValueInfo.UNKNOWN, 1L, 26L, 28L);
    assertThat(sized.inputs().get(0).leavesSampleSizeOpen()).isFalse();
  }
}
