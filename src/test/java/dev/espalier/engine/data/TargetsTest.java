package dev.espalier.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Task;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.metric.Head;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetsTest {

  /** Shape and values of y, shape of the output. */
  @ParameterizedTest
  @CsvSource({
    "'4', '0 1 2 1', '-1 3', CLASSIFICATION",
    "'4 1', '0 1 2 1', '-1 3', CLASSIFICATION",
    "'4 1 1', '0 1 2 1', '-1 3', CLASSIFICATION",
    "'4', '0 1 0 1', '-1 1', CLASSIFICATION",
    "'4', '0 1 0 1', '-1', CLASSIFICATION",
    "'4', '0 1 2 1', '-1 -1', CLASSIFICATION",
    "'2 3', '0 0 1 1 0 0', '-1 3', CLASSIFICATION",
    "'2 2', '0 1 1 0', '-1 1', CLASSIFICATION",
    "'4', '0 1 2 1', '-1 1', REGRESSION",
    "'4', '0 -3 2 1', '-1 1', REGRESSION",
    "'4', '0.5 1 2 1', '-1 1', REGRESSION",
    "'4 1', '0.5 1 2 1', '-1 1', REGRESSION",
    "'2 2', '0.5 1 2 1', '-1 2', REGRESSION",
    "'2 2 1', '7 1 2 1', '-1 2 1', REGRESSION",
    "'2 3', '0 1 1 0 0 0', '-1 3', MULTILABEL",
    "'2 3', '0 1 1 0 0 1', '-1 3', MULTILABEL",
  })
  void shouldTellTheTaskFromTargetsAndHead(String shape, String values, String output, Task task) {
    Targets targets = Targets.of(y(shape, values), null, head(output));

    assertThat(targets.task()).isEqualTo(task);
    assertThat(targets.samples()).isEqualTo((int) numbers(shape)[0]);
  }

  @Test
  void shouldAskWhatIsMeantWhenTargetsAreSigns() {
    assertThatThrownBy(() -> Targets.of(y("4", "1 -1 1 1"), null, head("-1 1")))
        .hasMessageContaining("labels-invalid")
        .hasMessageContaining("0 and 1");
    assertThatThrownBy(() -> Targets.of(y("4", "1 -1 1 1"), Task.CLASSIFICATION, head("-1 1")))
        .hasMessageContaining("labels-invalid")
        .hasMessageContaining("as 0 and 1");
    assertThat(Targets.of(y("4", "1 -1 1 1"), Task.REGRESSION, head("-1 1")).task())
        .isEqualTo(Task.REGRESSION);
  }

  @Test
  void shouldBatchClassesAsIndices() {
    Targets targets = Targets.of(y("3 3", "0 0 1 1 0 0 0 1 0"), null, head("-1 3"));
    Tensor batch = targets.allocate(2);

    targets.gather(batch, 2, 0);

    assertThat(batch.toLongs()).containsExactly(1, 2);
    assertThat(batch.shape()).containsExactly(2);
  }

  @Test
  void shouldBatchValuesInOneRowPerSample() {
    Targets targets = Targets.of(y("2 2 2", "1 2 3 4 5 6 7 8"), null, head("-1 2 2"));
    Tensor batch = targets.allocate(2);

    targets.gather(batch, 1, 0);

    assertThat(batch.toFloats()).containsExactly(5, 6, 7, 8, 1, 2, 3, 4);
    assertThat(batch.shape()).containsExactly(2, 4);
  }

  @Test
  void shouldRefuseLabelsOtherThanZeroAndOneWhenThereAreSeveral() {
    assertThatThrownBy(() -> Targets.of(y("2 2", "0 2 1 1"), Task.MULTILABEL, head("-1 2")))
        .hasMessageContaining("labels-invalid")
        .hasMessageContaining("label 1 of sample 0");
  }

  @Test
  void shouldRefuseValuesInAnotherOrderThanTheModels() {
    assertThatThrownBy(
            () -> Targets.of(y("1 2 2 3", "1 2 3 4 5 6 7 8 9 10 11 12.5"), null, head("-1 3 2 2")))
        .hasMessageContaining("data-mismatch")
        .hasMessageContaining("[1, 2, 2, 3]");
  }

  @Test
  void shouldRefuseTargetsThatAreNotNumbers() {
    assertThatThrownBy(() -> Targets.of(y("2", "0.5 NaN"), null, head("-1 1")))
        .hasMessageContaining("data-malformed");
  }

  @ParameterizedTest
  @CsvSource({
    "'4', '0 1 2 1', '-1 -1', 2, label 2 of sample 2",
    "'4', '0 1 2 1', '-1 -1', 1, label 2 of sample 2",
    "'2 2', '0.5 1 1 1', '-1 -1', 3, y has 2 values",
    "'4', '0.5 1 1 1', '-1 -1', 2, y has 1 values",
  })
  void shouldRefuseTargetsThatTheModelCannotGive(
      String shape, String values, String output, int width, String message) {
    Targets targets = Targets.of(y(shape, values), null, head(output));

    assertThatThrownBy(() -> targets.requireWidth(width)).hasMessageContaining(message);
  }

  private static Rows y(String shape, String values) {
    String[] words = values.split(" ");
    float[] floats = new float[words.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Float.parseFloat(words[i]);
    }
    return InMemory.rows(Tensor.of(floats, numbers(shape)));
  }

  private static Head head(String dimensions) {
    List<Long> shape = LongStream.of(numbers(dimensions)).boxed().toList();
    return new Head("out", Head.Kind.RAW, shape, true, null);
  }

  private static long[] numbers(String text) {
    return Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
  }
}
