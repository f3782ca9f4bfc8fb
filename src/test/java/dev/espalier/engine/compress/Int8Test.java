package dev.espalier.engine.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.engine.graph.QuantizedTensor;
import dev.espalier.engine.graph.Tensor;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Int8Test {
  @Test
  void shouldScaleEachOutputChannelByItsOwnLargestWeightWhenRounding() {
    Tensor real = Tensor.of(new float[] {1, -127, 0, 0.5f, -0.25f, 127e-3f}, 2, 3);

    QuantizedTensor rows = Int8.quantize(real, OptionalInt.of(0));
    QuantizedTensor columns = Int8.quantize(real, OptionalInt.of(1));
    QuantizedTensor whole = Int8.quantize(real, OptionalInt.empty());

    assertThat(rows.scale().toFloats()).containsExactly(1, 0.5f / 127);
    assertThat(bytes(rows)).containsExactly(1, -127, 0, 127, -64, 32);
    assertThat(columns.scale().toFloats()).containsExactly(1 / 127f, 1, 127e-3f / 127);
    assertThat(bytes(columns)).containsExactly(127, -127, 0, 64, 0, 127);
    assertThat(whole.scale().rank()).isZero();
    assertThat(bytes(whole)).containsExactly(1, -127, 0, 0, 0, 0);
    assertThat(columns.real().toFloats()).containsExactly(1, -127, 0, 64 / 127f, 0, 127e-3f);
  }

  @Test
  void shouldKeepZerosAndStayWithinHalfAStepWhenWeightsArePruned() {
    Random random = new Random(1);
    float[] weights = new float[4_000];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % 3 == 0 ? (float) random.nextGaussian() : 0;
    }

    QuantizedTensor quantized = Int8.quantize(Tensor.of(weights, 40, 100), OptionalInt.of(0));

    float[] real = quantized.real().toFloats();
    float[] scales = quantized.scale().toFloats();
    for (int i = 0; i < weights.length; i++) {
      assertThat(real[i]).isCloseTo(weights[i], within(scales[i / 100] * 0.5001f));
      assertThat(weights[i] != 0 || real[i] == 0).isTrue();
    }
  }

  @Test
  void shouldGiveScaleOneAndZerosWhenAChannelIsEmptyOrVanishes() {
    Tensor real = Tensor.of(new float[] {0, 0, Float.MIN_VALUE, 1e-37f, 3, 4}, 3, 2);

    QuantizedTensor quantized = Int8.quantize(real, OptionalInt.of(0));

    assertThat(quantized.scale().toFloats()).containsExactly(1, 1, 4 / 127f);
    assertThat(bytes(quantized)).containsExactly(0, 0, 0, 0, 95, 127);
  }

  private static byte[] bytes(QuantizedTensor quantized) {
    byte[] bytes = new byte[quantized.integers().size()];
    quantized.integers().bytes().get(bytes);
    return bytes;
  }
}
