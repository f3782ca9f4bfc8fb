package dev.espalier.engine.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FirstKernelsTest {
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final List<Parameter> parameters = new ArrayList<>();

  @Test
  void shouldFindTheLayerBehindOperatorsWithoutKernels() {
    node("Transpose", "t", "x");
    node("Mul", "scaled", "t", constant("factor", Parameter.Role.OTHER));
    node("Conv", "a", "scaled", constant("w1", Parameter.Role.KERNEL));
    node("Conv", "b", "a", constant("w2", Parameter.Role.KERNEL));

    assertThat(FirstKernels.of(graph())).containsExactly("w1");
  }

  @Test
  void shouldFindAllThatStartSideBySide() {
    node("Conv", "a", "x", constant("wa", Parameter.Role.KERNEL));
    node("Conv", "b", "x", constant("wb", Parameter.Role.KERNEL));
    node("Concat", "ab", "a", "b");
    node("Conv", "c", "ab", constant("wc", Parameter.Role.KERNEL));

    assertThat(FirstKernels.of(graph())).containsExactlyInAnyOrder("wa", "wb");
  }

  @Test
  void shouldNotCallALayerFirstWhenTheInputIsOnlyJoinedToItsFeatures() {
    node("Conv", "a", "x", constant("wa", Parameter.Role.KERNEL));
    node("Concat", "ax", "a", "x");
    node("Conv", "b", "ax", constant("wb", Parameter.Role.KERNEL));

    assertThat(FirstKernels.of(graph())).containsExactly("wa");
  }

  @Test
  void shouldFindAKernelThatIsTransposedOnTheWay() {
    node("Transpose", "wt", constant("w", Parameter.Role.KERNEL));
    node("MatMul", "a", "x", "wt");
    node("MatMul", "b", "a", constant("v", Parameter.Role.KERNEL));

    assertThat(FirstKernels.of(graph())).containsExactly("w");
  }

  @Test
  void shouldLookBehindAnEmbedding() {
    node("Gather", "e", constant("table", Parameter.Role.EMBEDDING), "x");
    node(
        "LSTM",
        "h",
        "e",
        constant("w", Parameter.Role.KERNEL),
        constant("r", Parameter.Role.KERNEL));

    assertThat(FirstKernels.of(graph())).containsExactlyInAnyOrder("w", "r");
  }

  private String constant(String name, Parameter.Role role) {
    tensors.put(name, Tensor.zeros(DataType.FLOAT, 1));
    parameters.add(new Parameter(name, name, name, role));
    return name;
  }

  private void node(String operator, String output, String... inputs) {
    nodes.add(new Node(output, operator, List.of(inputs), List.of(output), Map.of()));
  }

  private Graph graph() {
    return new Graph(
        13,
        List.of(new ValueInfo("x", DataType.FLOAT, List.of(-1L, 1L))),
        List.of(),
        nodes,
        tensors,
        parameters);
  }
}
