package dev.espalier.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever the form weights are stored in, magnitudes are comparable and zero is zero. */
class WeightsTest {
  @Test
  void shouldReadEveryHalfAsIeee754DefinesIt() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      int exponent = bits >>> 10 & 0x1f;
      int fraction = bits & 0x3ff;
      double magnitude =
          exponent == 0
              ? Math.scalb((double) fraction, -24)
              : Math.scalb(1024.0 + fraction, exponent - 25);
      if (exponent == 0x1f) {
        magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
      }
      float expected = (float) ((bits & 0x8000) == 0 ? magnitude : -magnitude);
      float read = HalfPrecision.toFloat((short) bits);
      assertThat(Float.isNaN(expected) ? Float.isNaN(read) : same(read, expected))
          .as("half %04x", bits)
          .isTrue();
    }
  }

  private static boolean same(float a, float b) {
    return Float.floatToRawIntBits(a) == Float.floatToRawIntBits(b);
  }

  @Test
  void shouldGiveComparableMagnitudesWhenElementTypesDiffer() {
    Tensor half = Tensor.zeros(DataType.FLOAT16, 2);
    half.bytes().putShort((short) 0xBE00).putShort((short) 0x0001);
    Tensor brain = Tensor.zeros(DataType.BFLOAT16, 2);
    brain.bytes().putShort((short) 0xBFC0).putShort((short) 0x8000);
    Tensor wide = Tensor.zeros(DataType.DOUBLE, 3);
    wide.bytes().putDouble(-1.5).putDouble(1e-200).putDouble(-0.0);

    assertThat(magnitudes(Weights.of(Tensor.of(new float[] {-1.5f, -0f}, 2))))
        .containsExactly(1.5f, 0);
    assertThat(magnitudes(Weights.of(half))).containsExactly(1.5f, 0x1p-24f);
    assertThat(magnitudes(Weights.of(brain))).containsExactly(1.5f, 0);
    assertThat(magnitudes(Weights.of(wide))).containsExactly(1.5f, Float.MIN_VALUE, 0);
    assertThat(Weights.of(brain).nonZero()).isEqualTo(1);
    assertThat(Weights.of(wide).nonZero()).isEqualTo(2);
  }

  @Test
  void shouldMeasureFromTheZeroPointWhenQuantisedPerTensor() {
    Tensor stored = bytes(DataType.UINT8, new long[] {2, 2}, 0, 128, 131, 255);
    Weights weights = weights(stored, 0, floats(0.5f), bytes(DataType.UINT8, new long[0], 128));

    assertThat(magnitudes(weights)).containsExactly(64, 0, 1.5f, 63.5f);
    assertThat(weights.nonZero()).isEqualTo(3);

    weights.clear(3);

    assertThat(stored.bytes().get(3)).isEqualTo((byte) 128);
    assertThat(weights.nonZero()).isEqualTo(2);
  }

  @Test
  void shouldUseTheChannelsScaleAndZeroPointWhenQuantisedPerChannel() {
    Tensor stored =
        bytes(DataType.INT8, new long[] {2, 3, 2}, 1, 1, 2, 2, 3, 3, -1, -1, 2, 2, 7, 7);
    Weights weights =
        weights(stored, 1, floats(1, 2, 4), bytes(DataType.INT8, new long[] {3}, 0, 2, 3));

    assertThat(magnitudes(weights)).containsExactly(1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 16, 16);

    int[] part = new int[2];
    weights.magnitudes(9, 2, part);
    assertThat(Float.intBitsToFloat(part[1])).isEqualTo(16);
    weights.clear(10);
    assertThat(stored.bytes().get(10)).isEqualTo((byte) 3);
    assertThat(weights.nonZero()).isEqualTo(5);
  }

  @Test
  void shouldKeepAQuantisedStepFromZeroWhenItsScaleVanishes() {
    Tensor stored = bytes(DataType.INT8, new long[] {2}, 0, 5);

    assertThat(magnitudes(weights(stored, 0, floats(0), null))).containsExactly(0, Float.MIN_VALUE);
  }

  @Test
  void shouldRefuseScalesOfAnotherNumberThanChannels() {
    Tensor stored = bytes(DataType.INT8, new long[] {2, 2}, 0, 5, 1, 1);

    assertThatThrownBy(() -> weights(stored, 1, floats(1, 2, 3), null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Weights weights(Tensor stored, int axis, Tensor scale, @Nullable Tensor zero) {
    Parameter parameter =
        new Parameter(
            "w",
            "w",
            "layer",
            Parameter.Role.KERNEL,
            new Quantization("s", zero == null ? null : "z", axis));
    Map<String, Tensor> initializers =
        zero == null ? Map.of("w", stored, "s", scale) : Map.of("w", stored, "s", scale, "z", zero);
    return new Graph(13, List.of(), List.of(), List.of(), initializers, List.of(parameter))
        .weights(parameter);
  }

  private static Tensor floats(float... values) {
    return values.length == 1 ? Tensor.of(values) : Tensor.of(values, values.length);
  }

  private static Tensor bytes(DataType type, long[] shape, int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.put((byte) value);
    }
    return Tensor.of(type, bytes.flip(), shape);
  }

  private static float[] magnitudes(Weights weights) {
    int[] bits = new int[weights.size()];
    weights.magnitudes(0, bits.length, bits);
    float[] values = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      values[i] = Float.intBitsToFloat(bits[i]);
    }
    return values;
  }
}
