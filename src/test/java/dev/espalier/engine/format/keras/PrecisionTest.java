package dev.espalier.engine.format.keras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecisionTest {
  @Test
  void shouldReturnEveryHalfPrecisionNumberWhenConvertedThereAndBack() {
    for (int bits = 0; bits <= 0xFFFF; bits++) {
      short half = (short) bits;
      boolean isNaN = (bits & 0x7C00) == 0x7C00 && (bits & 0x3FF) != 0;
      if (!isNaN) {
        assertThat(Precision.toHalf(Precision.fromHalf(half))).isEqualTo(half);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3C00",
    "-2, C000",
    "65504, 7BFF",
    "65519.9, 7BFF",
    "65520, 7C00",
    "0.000000059604645, 0001",
    "0.000000029802322, 0000",
    "0.00006103515625, 0400",
    "1.0004883, 3C00",
    "1.0014648, 3C02",
    "-0.0, 8000"
  })
  void shouldRoundToTheNearestAndTiesToEven(float value, String half) {
    assertThat(Precision.toHalf(value) & 0xFFFF).isEqualTo(Integer.parseInt(half, 16));
  }

  @Test
  void shouldKeepTheBitsOfElementsThatDidNotChangeWhenStoredInDoublePrecision() {
    Tensor stored = Tensor.zeros(DataType.DOUBLE, 3);
    stored.doubles().put(new double[] {Math.PI, Math.E, 1.5});
    Tensor single = Precision.single(stored);
    single.floats().put(1, 0);

    Tensor written = Precision.asStored(single, stored);

    assertThat(written.doubles().get(0)).isEqualTo(Math.PI);
    assertThat(written.doubles().get(1)).isZero();
    assertThat(written.doubles().get(2)).isEqualTo(1.5);
  }
}
