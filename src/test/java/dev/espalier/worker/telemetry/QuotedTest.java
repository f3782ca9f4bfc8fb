package dev.espalier.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedTest {

  @Test
  void shouldNotStartNewLineWhenTextHoldsOne() {
    assertThat(new Quoted("a\nINFO forged\r\u2028\u001b[31m").toString())
        .isEqualTo("\"a\\u000aINFO forged\\u000d\\u2028\\u001b[31m\"");
  }

  @Test
  void shouldNotEndFieldWhenTextHoldsQuote() {
    assertThat(new Quoted("a\" b=\"c\\").toString()).isEqualTo("\"a\\\" b=\\\"c\\\\\"");
  }

  @Test
  void shouldCutTextWhenItIsLong() {
    assertThat(new Quoted("x".repeat(1_000)).toString()).hasSizeLessThan(210).endsWith("…\"");
  }

  @Test
  void shouldShowDashWhenThereIsNoText() {
    assertThat(new Quoted(null)).hasToString("-");
  }
}
