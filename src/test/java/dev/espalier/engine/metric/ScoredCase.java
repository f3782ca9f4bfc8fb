package dev.espalier.engine.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.contract.Metric;
import dev.espalier.contract.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Outputs and targets with their scores by another implementation.
 *
 * @param outputs of each sample
 * @param targets of each sample
 * @param expected scores
 */
record ScoredCase(
    String name,
    Task task,
    Head head,
    List<float[]> outputs,
    List<float[]> targets,
    Map<Metric, Double> expected) {

  /** The cases that scikit-learn scored. */
  static List<ScoredCase> all() throws IOException {
    JsonNode cases =
        new ObjectMapper()
            .readTree(Path.of("src/test/resources/fixtures/metrics/scores.json").toFile());
    List<ScoredCase> read = new ArrayList<>();
    for (JsonNode one : cases) {
      Map<Metric, Double> expected = new java.util.EnumMap<>(Metric.class);
      one.get("expected")
          .properties()
          .forEach(e -> expected.put(Metric.of(e.getKey()), e.getValue().doubleValue()));
      read.add(
          new ScoredCase(
              one.get("name").asText(),
              Task.of(one.get("task").asText()),
              head(Head.Kind.valueOf(one.get("kind").asText())),
              rows(one.get("outputs")),
              rows(one.get("targets")),
              expected));
    }
    return read;
  }

  static Head head(Head.Kind kind) {
    return new Head("out", kind, List.of(-1L, -1L), true, null);
  }

  private static List<float[]> rows(JsonNode rows) {
    List<float[]> read = new ArrayList<>();
    for (JsonNode row : rows) {
      float[] values = new float[row.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.get(i).floatValue();
      }
      read.add(values);
    }
    return read;
  }

  /** What a metric makes of the samples at {@code indices}. */
  Measurement measure(Metric metric, int... indices) {
    Meter meter = Yardstick.of(metric, task, head, outputs.get(0).length).meter(indices.length);
    for (int i = 0; i < indices.length; i++) {
      meter.add(i, outputs.get(indices[i]), targets.get(indices[i]));
    }
    return meter.measurement();
  }

  int[] everySample() {
    return IntStream.range(0, outputs.size()).toArray();
  }

  /** Each case with each of its metrics. */
  static Stream<Object[]> withMetrics() throws IOException {
    return all().stream()
        .flatMap(c -> c.expected().keySet().stream().map(metric -> new Object[] {c, metric}));
  }

  @Override
  public String toString() {
    return name;
  }
}
