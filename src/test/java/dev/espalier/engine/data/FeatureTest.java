package dev.espalier.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.JobSpec.Preprocess;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.HalfPrecision;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FeatureTest {

  /** Every element type that an array can have feeds a float input. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void shouldFeedFloatsFromEveryElementType(ElementType type) {
    Rows rows = stored(type, 3, 1, 0, 1);

    float[] batch = batch(rows, 3, 2, 0);

    float first = type == ElementType.B1 ? 1 : 3;
    assertThat(batch).containsExactly(1, 0, first);
  }

  /** Whole numbers feed every integer input, whatever they are stored as. */
  @ParameterizedTest
  @CsvSource({"INT64, F4", "INT64, U2", "INT32, I8", "INT32, F8", "UINT8, I4", "INT8, F2"})
  void shouldFeedIntegersWhenTheyAreExact(DataType input, ElementType type) {
    Feature feature = Feature.of(input(input, -1, 1), stored(type, 3, 1, 0, 1), null);
    Tensor batch = feature.allocate(2);

    feature.gather(batch, 0, 2);

    Rows fed = InMemory.rows(batch);
    assertThat(fed.elements().integer(0)).isEqualTo(3);
    assertThat(fed.elements().integer(1)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "INT64, 0.5",
    "INT32, 3e9",
    "UINT8, 256",
    "UINT8, -1",
    "INT8, 128",
    "BOOL, 2",
    "INT64, NaN",
  })
  void shouldRefuseIntegersThatAreNotExact(DataType input, double value) {
    Tensor x = Tensor.zeros(DataType.DOUBLE, 2, 1);
    x.doubles().put(1, value);

    assertThatThrownBy(() -> Feature.of(input(input, -1, 1), InMemory.rows(x), null))
        .hasMessageContaining("data-mismatch")
        .hasMessageContaining("element 1");
  }

  @Test
  void shouldRefuseDoublesThatNoFloatCanHold() {
    Tensor x = Tensor.zeros(DataType.DOUBLE, 2, 1);
    x.doubles().put(1, 1e300);

    assertThatThrownBy(() -> Feature.of(input(DataType.FLOAT, -1, 1), InMemory.rows(x), null))
        .hasMessageContaining("data-malformed")
        .hasMessageContaining("1.0E300");
  }

  @Test
  void shouldFeedHalvesAndDoublesToModelsThatTakeThem() {
    Rows x = InMemory.rows(Tensor.of(new float[] {0.1f, -2.5f}, 2, 1));
    Feature halves = Feature.of(input(DataType.FLOAT16, -1, 1), x, null);
    Feature doubles =
        Feature.of(input(DataType.DOUBLE, -1, 1), x, new Preprocess(2.0, List.of(), List.of()));
    Tensor half = halves.allocate(2);
    Tensor whole = doubles.allocate(2);

    halves.gather(half, 0, 1);
    doubles.gather(whole, 0, 1);

    assertThat(HalfPrecision.toFloat(half.bytes().getShort(0))).isEqualTo(0.099975586f);
    assertThat(HalfPrecision.toFloat(half.bytes().getShort(2))).isEqualTo(-2.5f);
    assertThat(whole.doubles().get(1)).isEqualTo(-5.0);
  }

  @Test
  void shouldFeedOneNumberASampleToAnInputWithoutOtherAxes() {
    Rows x = InMemory.rows(Tensor.of(new float[] {4, 5, 6}, 3));
    Feature feature = Feature.of(input(DataType.FLOAT, -1), x, null);
    Tensor batch = feature.allocate(2);

    feature.gather(batch, 2, 0);

    assertThat(batch.shape()).containsExactly(2);
    assertThat(batch.toFloats()).containsExactly(6, 4);
  }

  @Test
  void shouldTakeTheLengthOfSequencesFromTheData() {
    Rows x = InMemory.rows(Tensor.zeros(DataType.INT64, 3, 17));

    assertThat(Feature.of(input(DataType.INT64, -1, -1), x, null).allocate(2).shape())
        .containsExactly(2, 17);
  }

  @Test
  void shouldPreprocessTheLastAxisWhenChannelsAreLast() {
    Rows x =
        InMemory.rows(Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 1, 2, 2, 3));
    Preprocess means = new Preprocess(null, List.of(1.0, 2.0, 3.0), List.of(1.0, 2.0, 4.0));
    Feature feature = Feature.of(input(DataType.FLOAT, -1, 2, 2, 3), x, means);
    Tensor batch = feature.allocate(1);

    feature.gather(batch, 0);

    assertThat(batch.toFloats())
        .containsExactly(0, 0, 0, 3, 1.5f, 0.75f, 6, 3, 1.5f, 9, 4.5f, 2.25f);
  }

  private static float[] batch(Rows rows, int... indices) {
    Feature feature = Feature.of(input(DataType.FLOAT, -1, 1), rows, null);
    Tensor batch = feature.allocate(indices.length);
    feature.gather(batch, indices);
    return batch.toFloats();
  }

  private static Rows stored(ElementType type, int... values) {
    var bytes = java.nio.ByteBuffer.allocateDirect(values.length * type.bytes());
    bytes.order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      switch (type) {
        case F2 -> bytes.putShort(HalfPrecision.fromFloat(value));
        case F4 -> bytes.putFloat(value);
        case F8 -> bytes.putDouble(value);
        case U1, I1, B1 -> bytes.put((byte) value);
        case U2, I2 -> bytes.putShort((short) value);
        case U4, I4 -> bytes.putInt(value);
        case U8, I8 -> bytes.putLong(value);
      }
    }
    return Rows.inMemory(type, bytes.clear(), values.length, 1);
  }

  private static ValueInfo input(DataType type, long... dimensions) {
    return new ValueInfo("in", type, LongStream.of(dimensions).boxed().toList());
  }
}
