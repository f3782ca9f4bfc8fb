package dev.espalier.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrendTest {
  @ParameterizedTest
  @CsvSource({
    "38.840, 38.841",
    "99.99, 100",
    "0.5, 0.5",
    "-0.0012, 0.0011",
    "0, 1e-9",
    "2.5, 3.1",
  })
  void shouldLabelValuesWithoutDigitsThatSayNothing(double one, double other) {
    Trend trend = Trend.of(Stream.of(one, other).map(TrendTest::value).toList());

    assertThat(trend).isNotNull();
    List<String> labels = trend.rows().stream().map(Scale.Tick::label).toList();
    // As many as there is room for.
    assertThat(labels).doesNotHaveDuplicates().allMatch(label -> label.length() <= 7);
    assertThat(labels).anyMatch(label -> !label.contains(".") || !label.endsWith("0"));
  }

  private static Trend.Value value(double value) {
    return new Trend.Value("1", value, null, null, "accepted", "");
  }
}
