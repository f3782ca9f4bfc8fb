package dev.espalier.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.contract.JobSpec.Preprocess;
import dev.espalier.contract.Task;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetTest {
  private static final Tensor Y = Tensor.of(new long[] {0, 1}, 2);

  @ParameterizedTest
  @CsvSource({
    "'-1 1 28 28', '28 28'",
    "'-1 1 28 28', '28 28 1'",
    "'-1 1 28 28', '784'",
    "'-1 784', '28 28'",
    "'-1 784', '1 28 28'",
    "'4 1 28 28', '1 28 28'",
    "'-1 -1 28 28', '1 28 28'",
    "'-1 3 8 8', '3 8 8'",
  })
  void shouldAcceptWhenThereIsOneOrderOfElements(String input, String sample) {
    Dataset data =
        Dataset.of(model(DataType.FLOAT, dims(input)), arrays(ones(sample), Y), null, null);

    assertThat(data.batch(0, 1).inputs().get("in").rank()).isEqualTo(dims(input).length);
  }

  @ParameterizedTest
  @CsvSource({
    "'-1 3 8 8', '8 8 3'",
    "'-1 3 8 8', '192'",
    "'-1 1 28 28', '28 27'",
    "'-1 784', '3 16 16'",
    "'-1 10', '5'",
    "'-1 2 3', '3 2'",
  })
  void shouldRefuseWithBothShapesWhenTheOrderIsNotKnown(String input, String sample) {
    assertThatThrownBy(
            () ->
                Dataset.of(model(DataType.FLOAT, dims(input)), arrays(ones(sample), Y), null, null))
        .hasMessageContaining("data-mismatch")
        .hasMessageContaining(Arrays.toString(ones(sample).shape()))
        .hasMessageContaining(LongStream.of(dims(input)).boxed().toList().toString());
  }

  @Test
  void shouldNotScaleBytesUnlessAsked() {
    Tensor x = Tensor.of(DataType.UINT8, ByteBuffer.wrap(new byte[] {(byte) 200, 3}), 2, 1);
    Graph model = model(DataType.FLOAT, -1, 1);

    Tensor plain = Dataset.of(model, arrays(x, Y), null, null).batch(1, 0).inputs().get("in");
    Tensor scaled =
        Dataset.of(model, arrays(x, Y), null, new Preprocess(0.5, List.of(10.0), List.of(4.0)))
            .batch(1, 0)
            .inputs()
            .get("in");

    assertThat(plain.toFloats()).containsExactly(3f, 200f);
    assertThat(scaled.toFloats()).containsExactly((1.5f - 10) / 4, (100f - 10) / 4);
  }

  @ParameterizedTest
  @CsvSource({"'-1 2 3', 3", "'-1 3 2', 1"})
  void shouldPreprocessAlongTheChannelAxis(String input, int run) {
    Tensor x =
        Tensor.of(
            new float[12],
            Arrays.stream(("2 " + input.substring(3)).split(" "))
                .mapToLong(Long::parseLong)
                .toArray());
    Preprocess preprocess = new Preprocess(null, List.of(1.0, 2.0), List.of());

    float[] batch =
        Dataset.of(model(DataType.FLOAT, dims(input)), arrays(x, Y), null, preprocess)
            .batch(0)
            .inputs()
            .get("in")
            .toFloats();

    for (int i = 0; i < 6; i++) {
      assertThat(batch[i]).isCloseTo(i / run % 2 == 0 ? -1f : -2f, within(0f));
    }
  }

  @Test
  void shouldFeedTokensExactlyWhenTheModelTakesIntegers() {
    Tensor x = Tensor.of(new long[] {9_007_199_254_740_993L, 5}, 2, 1);

    Tensor batch =
        Dataset.of(model(DataType.INT64, -1, 1), arrays(x, Y), null, null)
            .batch(0)
            .inputs()
            .get("in");

    assertThat(batch.toLongs()).containsExactly(9_007_199_254_740_993L);
  }

  @Test
  void shouldFindSeveralInputsByTheirNames() {
    Graph model = twoInputs("tokens");
    Map<String, Rows> arrays =
        Map.of(
            "image", InMemory.rows(Tensor.of(new float[] {1, 2}, 2, 1)),
            "tokens", InMemory.rows(Tensor.of(new long[] {3, 4}, 2, 1)),
            "y", InMemory.rows(Y));

    Batch batch = Dataset.of(model, arrays, null, null).batch(1);

    assertThat(batch.input("image").toFloats()).containsExactly(2);
    assertThat(batch.input("tokens").toLongs()).containsExactly(4);
    assertThat(batch.targets().toLongs()).containsExactly(1);
  }

  @Test
  void shouldSayWhatTheTargetsOfAnAutoencoderAreWhenThereAreNone(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("inputs.npz");
    NpzFile.write(file, Map.of("x", Tensor.of(new float[] {1, 2}, 2, 1)));
    DataLimits limits = DataLimits.ofThisProcess(directory);

    assertThatThrownBy(
            () -> Dataset.read(file, model(DataType.FLOAT, -1, 1), Task.REGRESSION, null, limits))
        .hasMessageContaining("data-mismatch")
        .hasMessageContaining("no array 'y' of targets")
        .hasMessageContaining("for an autoencoder, save the inputs as 'y' too");
  }

  @Test
  void shouldRefuseAnInputThatIsCalledAsTheTargetsAre() {
    assertThatThrownBy(
            () ->
                Dataset.of(
                    twoInputs("y"),
                    Map.of(
                        "image",
                        InMemory.rows(Tensor.of(new float[2], 2, 1)),
                        "y",
                        InMemory.rows(Y)),
                    null,
                    null))
        .hasMessageContaining("rename the input");
  }

  @Test
  void shouldFillTheSameMemoryAgainWhenABatchIsOfTheSameSize() {
    Tensor x = Tensor.of(new float[] {1, 2}, 2, 1);
    Dataset data = Dataset.of(model(DataType.FLOAT, -1, 1), arrays(x, Y), null, null);

    Batch first = data.batch(0);
    assertThat(first.input("in").toFloats()).containsExactly(1);
    assertThat(data.batch(1)).isSameAs(first);
    assertThat(first.input("in").toFloats()).containsExactly(2);
  }

  private static Graph twoInputs(String second) {
    return new Graph(
        13,
        List.of(
            new ValueInfo("image", DataType.FLOAT, List.of(-1L, 1L)),
            new ValueInfo(second, DataType.INT64, List.of(-1L, 1L))),
        List.of(new ValueInfo("out", DataType.FLOAT, List.of(-1L, 2L))),
        List.of(),
        Map.of(),
        List.of());
  }

  @Test
  void shouldRefuseWhenRowsAndLabelsDiffer() {
    assertThatThrownBy(
            () ->
                Dataset.of(
                    model(DataType.FLOAT, -1, 1),
                    arrays(Tensor.of(new float[3], 3, 1), Y),
                    null,
                    null))
        .hasMessageContaining("data-mismatch")
        .hasMessageContaining("3 rows");
  }

  @Test
  void shouldRefuseWhenAnInputIsNotANumber() {
    Tensor x = Tensor.of(new float[] {0, Float.NaN}, 2, 1);

    assertThatThrownBy(() -> Dataset.of(model(DataType.FLOAT, -1, 1), arrays(x, Y), null, null))
        .hasMessageContaining("data-malformed")
        .hasMessageContaining("element 1");
  }

  @Test
  void shouldReadOneHotRowsAsIndices() {
    Tensor hot = Tensor.of(new float[] {0, 0, 1, 1, 0, 0}, 2, 3);

    assertThat(Labels.of(InMemory.rows(hot))).containsExactly(2, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN 1", "0.5 1", "-1 1", "1 1", "Infinity 0"})
  void shouldRefuseLabelsWhenTheyAreNotClasses(String labels) {
    float[] values = new float[2];
    for (int i = 0; i < 2; i++) {
      values[i] = Float.parseFloat(labels.split(" ")[i]);
    }
    assertThatThrownBy(() -> Labels.of(InMemory.rows(Tensor.of(values, 2))))
        .hasMessageContaining("labels-invalid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 1 0", "1 1 1 0", "0.5 0.5 1 0"})
  void shouldRefuseRowsWhenTheyAreNotOneHot(String rows) {
    float[] values = new float[4];
    for (int i = 0; i < 4; i++) {
      values[i] = Float.parseFloat(rows.split(" ")[i]);
    }
    assertThatThrownBy(() -> Labels.of(InMemory.rows(Tensor.of(values, 2, 2))))
        .hasMessageContaining("labels-invalid");
  }

  @Test
  void shouldRefuseWhenALabelExceedsTheClasses() {
    assertThatThrownBy(() -> Labels.requireBelow(10, 9, 10))
        .hasMessageContaining("label 10 of sample 1");
  }

  private static Map<String, Rows> arrays(Tensor x, Tensor y) {
    return Map.of("x", InMemory.rows(x), "y", InMemory.rows(y));
  }

  private static long[] dims(String text) {
    return Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  private static Tensor ones(String sample) {
    long[] shape = dims("2 " + sample);
    return Tensor.of(new float[(int) Tensor.elements(shape)], shape);
  }

  private static Graph model(DataType type, long... dimensions) {
    List<Long> input = LongStream.of(dimensions).boxed().toList();
    return new Graph(
        13,
        List.of(new ValueInfo("in", type, input)),
        List.of(new ValueInfo("out", DataType.FLOAT, List.of(-1L, 2L))),
        List.of(),
        Map.of(),
        List.of());
  }
}
