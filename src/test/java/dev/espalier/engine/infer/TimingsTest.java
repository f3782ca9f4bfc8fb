package dev.espalier.engine.infer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimingsTest {
  private static final Pace REPORTED = new Pace(false, 30);

  @Test
  void shouldMeasureBothModelsEquallyOften() {
    AtomicLong worked = new AtomicLong();
    Graph graph = products(2, -1);

    Timings timings =
        Timings.measure(
                graph, graph, new MacsTest.Zeros(graph), 1, REPORTED, n -> worked.incrementAndGet())
            .orElseThrow();

    assertThat(timings.before()).hasSameSizeAs(timings.after()).hasSizeBetween(30, 100);
    assertThat(timings.before()).allMatch(time -> time > 0);
    assertThat(timings.runtime()).matches("onnxruntime 1\\.\\d+\\.\\d+");
    assertThat(timings.batch()).isEqualTo(1);
    assertThat(worked.get()).isGreaterThanOrEqualTo(2L * timings.before().size());
  }

  @Test
  void shouldKeepTheFirstModelsTimesFirstWhicheverRanFirst() {
    Graph slow = products(60, -1);
    Graph fast = products(1, -1);

    Timings timings =
        Timings.measure(slow, fast, new MacsTest.Zeros(slow), 1, REPORTED, n -> {}).orElseThrow();

    // Sixty times the work: were every second pair exchanged, these would not hold.
    long turned =
        IntStream.range(0, timings.before().size())
            .filter(i -> timings.before().get(i) <= timings.after().get(i))
            .count();
    assertThat(turned).isLessThan(timings.before().size() / 5);
  }

  @Test
  void shouldTakeTheBatchThatTheModelIsFixedTo() {
    Graph graph = products(1, 4);

    assertThat(
            Timings.measure(graph, graph, new MacsTest.Zeros(graph), 1, REPORTED, n -> {})
                .orElseThrow()
                .batch())
        .isEqualTo(4);
  }

  @Test
  void shouldMeasureNothingWhenAModelDoesNotRun() {
    Graph graph = products(1, -1);
    Graph broken =
        new Graph(
            13,
            graph.inputs(),
            graph.outputs(),
            List.of(new Node("n", "NoSuchOperator", List.of("x"), List.of("y"), Map.of())),
            Map.of(),
            List.of());

    assertThat(Timings.measure(graph, broken, new MacsTest.Zeros(graph), 1, REPORTED, n -> {}))
        .isEmpty();
  }

  /** Seconds of a repetition, whether it must be measured, cap in seconds. */
  @ParameterizedTest
  @CsvSource({
    "0.002, false, 30, 100",
    "0.05,  false, 30, 60",
    "0.5,   false, 30, 30",
    "3,     false, 30, 10",
    "10,    false, 30, 0",
    "0.002, false, 0.1, 50",
    "0.002, false, 0, 0",
    "10,    true,  0, 30",
  })
  void shouldMakeFewerRepetitionsOfASlowModelUnlessAllAreNeeded(
      double seconds, boolean required, double cap, int expected) {
    assertThat(new Pace(required, cap).repetitions(seconds)).isEqualTo(expected);
  }

  private static Graph products(int layers, long batch) {
    int width = 128;
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      String from = i == 0 ? "x" : "v" + i;
      String to = i == layers - 1 ? "y" : "v" + (i + 1);
      nodes.add(new Node("n" + i, "MatMul", List.of(from, "w"), List.of(to), Map.of()));
    }
    ValueInfo in = new ValueInfo("x", DataType.FLOAT, List.of(batch, (long) width));
    ValueInfo out = new ValueInfo("y", DataType.FLOAT, List.of(batch, (long) width));
    return new Graph(
        13,
        List.of(in),
        List.of(out),
        nodes,
        Map.of("w", Tensor.zeros(DataType.FLOAT, width, width)),
        List.of());
  }
}
