package dev.espalier.engine.format.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.espalier.engine.format.RuntimeProbe;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.ValueInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The range of operator sets we read is what the runtime we ship supports. */
class OnnxVersionsTest {
  @Test
  void shouldRunWhenOperatorSetIsOldestOrNewestOfTheRange() throws Exception {
    for (int opset : List.of(OnnxVersions.OLDEST_OPSET, OnnxVersions.NEWEST_OPSET)) {
      assertThat(RuntimeProbe.run(relu(opset), new float[] {-1, 2}, 1, 2)).containsExactly(0, 2);
    }
  }

  @Test
  void shouldStopAtTheRuntimesNewestWhenRangeEnds() {
    Graph newer = relu(OnnxVersions.NEWEST_OPSET + 1);

    assertThatThrownBy(() -> RuntimeProbe.run(newer, new float[] {-1, 2}, 1, 2))
        .isInstanceOf(OrtException.class);
  }

  private static Graph relu(int opset) {
    return new Graph(
        opset,
        List.of(new ValueInfo("x", DataType.FLOAT, List.of(ValueInfo.UNKNOWN, 2L))),
        List.of(new ValueInfo("y", DataType.FLOAT, List.of(ValueInfo.UNKNOWN, 2L))),
        List.of(new Node("relu", "Relu", List.of("x"), List.of("y"), Map.of())),
        Map.of(),
        List.of());
  }
}
