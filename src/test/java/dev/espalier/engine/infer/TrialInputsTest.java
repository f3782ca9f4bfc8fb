package dev.espalier.engine.infer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.Task;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrialInputsTest {
  private static final int LENGTH = 6;

  private final Tokens data = new Tokens(new ArrayList<>());

  /** Tokens that the model does not know would end the model's run, not prove anything. */
  @Test
  void shouldMakeNoiseOfTheTokensOfTheSamples() {
    List<Map<String, Tensor>> batches = inputs(-1).batches();

    long[] real = batches.get(0).get("tokens").toLongs();
    long[] noise = batches.get(1).get("tokens").toLongs();
    assertThat(noise).isNotEqualTo(real);
    assertThat(Arrays.stream(noise).sorted().toArray())
        .isEqualTo(Arrays.stream(real).sorted().toArray());
  }

  @Test
  void shouldSpreadItsFewSamplesOverThoseGiven() {
    assertThat(inputs(-1).batches()).hasSize(2);
    assertThat(data.asked().get(0)).containsExactly(100, 125, 150, 175);
  }

  @Test
  void shouldTakeAsManySamplesAsTheModelFixes() {
    Map<String, Tensor> real = inputs(7).batches().get(0);

    assertThat(real.get("tokens").shape()).containsExactly(7, LENGTH);
  }

  @Test
  void shouldGiveTheSameNoiseEveryTime() {
    TrialInputs inputs = inputs(-1);

    assertThat(inputs.batches().get(1).get("tokens").toLongs())
        .isEqualTo(inputs.batches().get(1).get("tokens").toLongs());
  }

  private TrialInputs inputs(long batch) {
    int[] samples = new int[100];
    Arrays.setAll(samples, i -> 100 + i);
    List<Long> shape = List.of(batch, (long) LENGTH);
    Graph graph =
        new Graph(
            13,
            List.of(new ValueInfo("tokens", DataType.INT64, shape)),
            List.of(new ValueInfo("y", DataType.INT64, shape)),
            List.of(new Node("n", "Identity", List.of("tokens"), List.of("y"), Map.of())),
            Map.of(),
            List.of());
    return TrialInputs.of(graph, data, 5, samples);
  }

  private record Tokens(List<List<Integer>> asked) implements BatchSource {
    @Override
    public Task task() {
      return Task.CLASSIFICATION;
    }

    @Override
    public int samples() {
      return 200;
    }

    @Override
    public Batch batch(int... indices) {
      asked.add(Arrays.stream(indices).boxed().toList());
      long[] tokens = new long[indices.length * LENGTH];
      Arrays.setAll(tokens, i -> 1_000L * indices[i / LENGTH] + i % LENGTH);
      return new Batch(
          Map.of("tokens", Tensor.of(tokens, indices.length, LENGTH)),
          Tensor.zeros(DataType.INT64, indices.length));
    }
  }
}
