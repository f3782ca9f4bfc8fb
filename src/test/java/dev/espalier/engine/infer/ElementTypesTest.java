package dev.espalier.engine.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Task;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.HalfPrecision;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.metric.Head;
import dev.espalier.engine.metric.Observer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes into a session and comes out of it, of every type. */
class ElementTypesTest {

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "FLOAT16", "DOUBLE", "INT64", "INT32", "INT8", "UINT8", "BOOL"})
  void shouldFeedEveryTypeThatAnInputCanHave(DataType type) {
    Graph graph = casting(type, DataType.FLOAT);

    assertThat(seen(graph, new Typed(type))).containsExactly(1f, 0f, 1f);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "FLOAT16", "DOUBLE"})
  void shouldReadEveryRealTypeOfOutput(DataType type) {
    assertThat(seen(casting(DataType.FLOAT, type), new Typed(DataType.FLOAT)))
        .containsExactly(1f, 0f, 1f);
  }

  @Test
  void shouldRefuseAnOutputThatIsNotReal() {
    assertThatThrownBy(
            () -> seen(casting(DataType.FLOAT, DataType.INT64), new Typed(DataType.FLOAT)))
        .hasMessageContaining("data-mismatch")
        .hasMessageContaining("INT64");
  }

  @Test
  void shouldJudgeTheFirstOfSeveralOutputs() {
    ValueInfo in = new ValueInfo("x", DataType.FLOAT, List.of(-1L, 1L));
    Graph two =
        new Graph(
            13,
            List.of(in),
            List.of(
                new ValueInfo("first", DataType.FLOAT, List.of(-1L, 1L)),
                new ValueInfo("second", DataType.FLOAT, List.of(-1L, 1L))),
            List.of(
                new Node("n", "Neg", List.of("x"), List.of("second"), Map.of()),
                new Node("m", "Identity", List.of("x"), List.of("first"), Map.of())),
            Map.of(),
            List.of());

    assertThat(seen(two, new Typed(DataType.FLOAT))).containsExactly(1f, 0f, 1f);
    assertThat(Head.of(two).alone()).isFalse();
  }

  /** A model that turns one type into another. */
  private static Graph casting(DataType from, DataType to) {
    return new Graph(
        13,
        List.of(new ValueInfo("x", from, List.of(-1L, 1L))),
        List.of(new ValueInfo("y", to, List.of(-1L, 1L))),
        List.of(
            new Node(
                "n",
                "Cast",
                List.of("x"),
                List.of("y"),
                Map.of("to", new Attribute.Int(to.onnxCode())))),
        Map.of(),
        List.of());
  }

  private static List<Float> seen(Graph graph, BatchSource data) {
    List<Float> values = new ArrayList<>();
    Observer keep = (place, output, target) -> values.add(output[0]);
    try (OnnxSession session = OnnxSession.open(graph, 1, n -> {})) {
      session.measure(data, List.of(keep), 0, 1, 2);
    }
    return values;
  }

  /** Three samples, 1, 0 and 1, of some type. */
  private record Typed(DataType type) implements BatchSource {
    @Override
    public Task task() {
      return Task.REGRESSION;
    }

    @Override
    public int samples() {
      return 3;
    }

    @Override
    public Batch batch(int... indices) {
      Tensor x = Tensor.zeros(type, indices.length, 1);
      for (int i = 0; i < indices.length; i++) {
        if (indices[i] != 1) {
          one(x, i);
        }
      }
      return new Batch(Map.of("x", x), Tensor.zeros(DataType.FLOAT, indices.length, 1));
    }

    private void one(Tensor x, int i) {
      switch (type) {
        case FLOAT -> x.floats().put(i, 1);
        case FLOAT16 -> x.bytes().putShort(2 * i, HalfPrecision.fromFloat(1));
        case DOUBLE -> x.doubles().put(i, 1);
        case INT64 -> x.longs().put(i, 1);
        case INT32 -> x.ints().put(i, 1);
        default -> x.bytes().put(i, (byte) 1);
      }
    }
  }
}
