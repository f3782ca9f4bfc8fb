package dev.espalier.engine.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Metric;
import dev.espalier.contract.Task;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.metric.Head;
import dev.espalier.engine.metric.Meter;
import dev.espalier.engine.metric.Proportion;
import dev.espalier.engine.metric.Yardstick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxSessionTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void shouldTakeTheLargestAndTheFirstOfEquals() {
    Rows rows = new Rows(3, 1, 5, 2, 4, 4, 4, 0, 7, 7);

    assertThat(predicted(model(-1, 3, "Identity"), rows)).containsExactly(1, 0, 1);
  }

  @ParameterizedTest
  @CsvSource({"Identity, 0.4, 1", "Identity, -0.4, 0", "Sigmoid, 0.4, 1", "Sigmoid, -0.4, 0"})
  void shouldPutTheThresholdWhereTheLastOperatorSays(String operator, float value, int expected) {
    assertThat(predicted(model(-1, 1, operator), new Rows(1, value, value)))
        .containsExactly(expected, expected);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3, 7, 16})
  void shouldPadTheLastRunWhenTheBatchIsFixed(long batch) {
    Rows rows = new Rows(2, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1);

    assertThat(predicted(model(batch, 2, "Identity"), rows)).containsExactly(1, 0, 1, 1, 0, 0, 1);
  }

  @Test
  void shouldCountTheSamplesDone() {
    AtomicLong work = new AtomicLong();
    Rows rows = new Rows(1, new float[1000]);
    try (OnnxSession session = OnnxSession.open(model(-1, 1, "Identity"), 1, work::addAndGet)) {
      session.measure(rows, List.of(), IntStream.range(0, 1000).toArray());
    }
    assertThat(work).hasValue(1000);
  }

  @Test
  void shouldRefuseTheSubmittedModelWhenItsOutputIsNotANumber() {
    Rows rows = new Rows(2, 0, 1, Float.NaN, 0);
    try (OnnxSession session = OnnxSession.open(model(-1, 2, "Identity"), 1, n -> {})) {
      assertThatThrownBy(() -> session.measureSubmitted(rows, List.of(), 0, 1))
          .hasMessageContaining("model-malformed")
          .hasMessageContaining("sample 1");
    }
  }

  @Test
  void shouldRefuseWhenTheOutputIsNotOneRowOfClassesPerSample() {
    Graph sequence =
        new Graph(
            13,
            List.of(new ValueInfo("x", DataType.FLOAT, List.of(-1L, 2L, 3L))),
            List.of(new ValueInfo("y", DataType.FLOAT, List.of(-1L, 2L, 3L))),
            List.of(new Node("n", "Identity", List.of("x"), List.of("y"), Map.of())),
            Map.of(),
            List.of());
    try (OnnxSession session = OnnxSession.open(sequence, 1, n -> {})) {
      assertThatThrownBy(() -> session.probe(new Cube(), LONG))
          .hasMessageContaining("data-mismatch")
          .hasMessageContaining("[1, 2, 3]");
    }
  }

  @Test
  void shouldRefuseWhenTheGraphDoesNotLoad() {
    Graph broken =
        new Graph(
            13,
            List.of(new ValueInfo("x", DataType.FLOAT, List.of(-1L, 2L))),
            List.of(new ValueInfo("y", DataType.FLOAT, List.of(-1L, 2L))),
            List.of(new Node("n", "MatMul", List.of("x", "w"), List.of("y"), Map.of())),
            Map.of("w", Tensor.of(new float[9], 3, 3)),
            List.of());

    assertThatThrownBy(() -> OnnxSession.open(broken, 1, n -> {}))
        .hasMessageContaining("model-malformed");
  }

  @Test
  void shouldEndTheForwardPassWhenItsTimeIsOver() {
    int width = 700;
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String from = i == 0 ? "x" : "v" + i;
      String to = i == 399 ? "y" : "v" + (i + 1);
      nodes.add(new Node("n" + i, "MatMul", List.of(from, "w"), List.of(to), Map.of()));
    }
    Graph slow =
        new Graph(
            13,
            List.of(new ValueInfo("x", DataType.FLOAT, List.of((long) width, (long) width))),
            List.of(new ValueInfo("y", DataType.FLOAT, List.of((long) width, (long) width))),
            nodes,
            Map.of("w", Tensor.zeros(DataType.FLOAT, width, width)),
            List.of());
    try (OnnxSession session = OnnxSession.open(slow, 1, n -> {})) {
      assertThatThrownBy(
              () -> session.probe(new Rows(width, new float[width]), Duration.ofMillis(50)))
          .hasMessageContaining("graph-too-large");
    }
  }

  @Test
  void shouldTellHowManyNumbersASampleGets() {
    try (OnnxSession one = OnnxSession.open(model(-1, 1, "Identity"), 1, n -> {});
        OnnxSession ten = OnnxSession.open(model(-1, 10, "Identity"), 1, n -> {})) {
      assertThat(one.probe(new Rows(1, 0), LONG)).isEqualTo(1);
      assertThat(ten.probe(new Rows(10, new float[10]), LONG)).isEqualTo(10);
    }
  }

  /** For each of its labels, which rows are found to have it. */
  private static int[] predicted(Graph graph, Rows rows) {
    int[] samples = IntStream.range(0, rows.samples()).toArray();
    int[] found = new int[samples.length];
    Yardstick yardstick = Yardstick.of(Metric.ACCURACY, Task.CLASSIFICATION, Head.of(graph), 3);
    try (OnnxSession session = OnnxSession.open(graph, 1, n -> {})) {
      for (int label = 0; label < 3; label++) {
        rows.label = label;
        Meter meter = yardstick.meter(samples.length);
        session.measure(rows, List.of(meter), samples);
        for (int hit : ((Proportion) meter.measurement()).right().stream().toArray()) {
          found[hit] = label;
        }
      }
    }
    return found;
  }

  private static Graph model(long batch, long columns, String operator) {
    List<Long> shape = List.of(batch, columns);
    return new Graph(
        13,
        List.of(new ValueInfo("x", DataType.FLOAT, shape)),
        List.of(new ValueInfo("y", DataType.FLOAT, shape)),
        List.of(new Node("n", operator, List.of("x"), List.of("y"), Map.of())),
        Map.of(),
        List.of());
  }

  /** Rows of floats. */
  private static final class Rows implements BatchSource {
    private final int columns;
    private final float[] values;
    private int label;

    Rows(int columns, float... values) {
      this.columns = columns;
      this.values = values;
    }

    @Override
    public Task task() {
      return Task.CLASSIFICATION;
    }

    @Override
    public int samples() {
      return values.length / columns;
    }

    @Override
    public Batch batch(int... indices) {
      Tensor x = Tensor.zeros(DataType.FLOAT, indices.length, columns);
      for (int i = 0; i < indices.length; i++) {
        for (int c = 0; c < columns; c++) {
          x.floats().put(i * columns + c, values[indices[i] * columns + c]);
        }
      }
      long[] labels = new long[indices.length];
      Arrays.fill(labels, label);
      return new Batch(Map.of("x", x), Tensor.of(labels, labels.length));
    }
  }

  /** One sample of shape [2, 3]. */
  private static final class Cube implements BatchSource {
    @Override
    public Task task() {
      return Task.CLASSIFICATION;
    }

    @Override
    public int samples() {
      return 1;
    }

    @Override
    public Batch batch(int... indices) {
      return new Batch(
          Map.of("x", Tensor.zeros(DataType.FLOAT, indices.length, 2, 3)),
          Tensor.zeros(DataType.INT64, indices.length));
    }
  }
}
