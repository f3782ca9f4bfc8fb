package dev.espalier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromQlTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "up; up",
        "rate(a_total{x=\"fake_metric\", y=~\"$y\"}[$__rate_interval]); a_total",
        "sum by (le, operation) (rate(a_bucket[5m])); a_bucket",
        "sum(a) without (instance) / on (job) group_left (node) b; a b",
        "histogram_quantile(0.95, sum by (le) (rate(a_bucket[5m]))); a_bucket",
        "(time() - a) and on (instance) (b > 0); a b",
        "a offset 5m > bool 1e3; a",
        "label_values(a_info{b=\"c\"}, instance); a_info",
        "a{l=\"}\"} unless job:b:rate5m; a job:b:rate5m",
      })
  void shouldFindTheMetricsWhenExpressionHoldsMoreThanThem(String expression, String expected) {
    assertThat(PromQl.metrics(expression)).containsExactly(expected.split(" "));
  }
}
