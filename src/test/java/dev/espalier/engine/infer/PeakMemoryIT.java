package dev.espalier.engine.infer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeakMemoryIT {
  private static final long MEBIBYTE = 1 << 20;

  @TempDir Path directory;

  @Test
  void shouldSeeTheWeightsOfBothModels() throws IOException {
    Graph large = product(4_096);
    Graph small = product(1_024);

    PeakMemory peaks =
        PeakMemory.measure(large, small, new MacsTest.Zeros(large), 1, directory, n -> {})
            .orElseThrow();

    assertThat(peaks.before()).hasSize(3).allMatch(bytes -> bytes >= 16 * MEBIBYTE);
    assertThat(peaks.medianAfter()).isBetween(4 * MEBIBYTE, peaks.medianBefore() / 2);
    assertThat(peaks.spread()).isLessThan(4 * MEBIBYTE);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void shouldMeasureNothingWhenAModelDoesNotRun() throws IOException {
    Graph graph = product(8);
    Node unknown = new Node("n", "NoSuchOperator", List.of("x"), List.of("y"), Map.of());
    Graph broken =
        new Graph(13, graph.inputs(), graph.outputs(), List.of(unknown), Map.of(), List.of());

    assertThat(PeakMemory.measure(graph, broken, new MacsTest.Zeros(graph), 1, directory, n -> {}))
        .isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  private static Graph product(long width) {
    return new Graph(
        13,
        List.of(new ValueInfo("x", DataType.FLOAT, List.of(-1L, 1_024L))),
        List.of(new ValueInfo("y", DataType.FLOAT, List.of(-1L, width))),
        List.of(new Node("n", "MatMul", List.of("x", "w"), List.of("y"), Map.of())),
        Map.of("w", Tensor.zeros(DataType.FLOAT, 1_024, width)),
        List.of());
  }
}
