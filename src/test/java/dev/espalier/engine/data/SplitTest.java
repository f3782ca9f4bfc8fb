package dev.espalier.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.Sha256;
import dev.espalier.contract.Task;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {
  private static final int SAMPLES = 1001;
  private final Dataset data = data();

  @Test
  void shouldCoverEverySampleOnce() {
    Split split = Split.of(data, 7);

    assertThat(IntStream.concat(Arrays.stream(split.search()), Arrays.stream(split.verdict())))
        .containsExactlyInAnyOrder(IntStream.range(0, SAMPLES).boxed().toArray(Integer[]::new));
    assertThat(split.verdict()).hasSize(501).isSorted();
    assertThat(split.search()).hasSize(500).isSorted();
  }

  @Test
  void shouldHalveEveryClass() {
    Split split = Split.of(data, 7);

    for (int label = 0; label < 10; label++) {
      assertThat(count(split.search(), label) - count(split.verdict(), label)).isBetween(-1L, 1L);
    }
  }

  @Test
  void shouldDependOnTheSeedAlone() {
    assertThat(Split.of(data, 7).verdict()).isEqualTo(Split.of(data, 7).verdict());
    assertThat(Split.of(data, 7).verdictSha256()).isNotEqualTo(Split.of(data, 8).verdictSha256());
  }

  @Test
  void shouldHashLittleEndianIndices() {
    Split split = Split.of(data(4), 42);
    byte[] bytes = new byte[8];
    for (int i = 0; i < 2; i++) {
      bytes[4 * i] = (byte) split.verdict()[i];
    }

    assertThat(split.verdictSha256()).isEqualTo(Sha256.of(bytes));
  }

  private long count(int[] samples, int label) {
    return Arrays.stream(samples).filter(s -> data.label(s) == label).count();
  }

  private static Dataset data() {
    return data(SAMPLES);
  }

  @Test
  void shouldHalveWhatHasNoClasses() {
    Tensor y = Tensor.of(new float[SAMPLES], SAMPLES);
    Dataset values = dataset(SAMPLES, y, Task.REGRESSION);

    Split split = Split.of(values, 7);

    assertThat(split.verdict()).hasSize(501);
    assertThat(split.algorithm()).isEqualTo("random-halves-1");
    assertThat(Split.of(data, 7).algorithm()).isEqualTo("stratified-halves-1");
  }

  private static Dataset data(int samples) {
    long[] labels = new long[samples];
    for (int i = 0; i < samples; i++) {
      labels[i] = i % 17 % 10;
    }
    return dataset(samples, Tensor.of(labels, samples), Task.CLASSIFICATION);
  }

  private static Dataset dataset(int samples, Tensor y, Task task) {
    Graph model =
        new Graph(
            13,
            List.of(new ValueInfo("in", DataType.FLOAT, List.of(-1L, 1L))),
            List.of(new ValueInfo("out", DataType.FLOAT, List.of(-1L, 1L))),
            List.of(),
            Map.of(),
            List.of());
    Rows x = InMemory.rows(Tensor.of(new float[samples], samples, 1));
    return Dataset.of(model, Map.of("x", x, "y", InMemory.rows(y)), task, null);
  }
}
