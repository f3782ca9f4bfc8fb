package dev.espalier.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfPrecisionTest {

  @Test
  void shouldGiveBackEveryHalf() {
    for (int half = 0; half < 1 << 16; half++) {
      float value = HalfPrecision.toFloat((short) half);
      if (!Float.isNaN(value)) {
        assertThat(HalfPrecision.fromFloat(value)).isEqualTo((short) half);
      }
    }
  }

  @Test
  void shouldRoundToTheNearestHalfAndToEven() {
    for (int half = 0; half < 0x7bff; half++) {
      float low = HalfPrecision.toFloat((short) half);
      float high = HalfPrecision.toFloat((short) (half + 1));
      float middle = low + (high - low) / 2;

      int even = half % 2 == 0 ? half : half + 1;
      assertThat(HalfPrecision.fromFloat(middle)).isEqualTo((short) even);
      assertThat(HalfPrecision.fromFloat(Math.nextDown(middle))).isEqualTo((short) half);
      assertThat(HalfPrecision.fromFloat(Math.nextUp(middle))).isEqualTo((short) (half + 1));
    }
  }

  @ParameterizedTest
  @CsvSource({"65519.996, 7bff", "65520, 7c00", "-1e30, fc00", "1e-30, 0", "-1e-30, 8000"})
  void shouldSaturateAtTheEnds(float value, String half) {
    assertThat(HalfPrecision.fromFloat(value)).isEqualTo((short) Integer.parseInt(half, 16));
    assertThat(HalfPrecision.toFloat(HalfPrecision.fromFloat(Float.NaN))).isNaN();
  }
}
