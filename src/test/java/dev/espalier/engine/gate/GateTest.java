package dev.espalier.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {
  private final Gate gate = new Gate(new Policy.Gate(Policy.Gate.Metric.ACCURACY, 0.02, 0.95, 0.1));

  @Test
  void shouldCountAgreementBySample() {
    BitSet baseline = BitSet.valueOf(new long[] {0b0111});
    BitSet pruned = BitSet.valueOf(new long[] {0b1001});

    assertThat(Agreement.of(baseline, pruned, 6)).isEqualTo(new Agreement(1, 2, 1, 2));
  }

  @Test
  void shouldAcceptWhenTheBoundIsWithinTheTolerance() {
    assertThat(gate.metricFailure(new Agreement(4_300, 150, 150, 400))).isEmpty();
  }

  @Test
  void shouldRejectWhenTheDropIsWithinButItsBoundIsNot() {
    Agreement table = new Agreement(870, 35, 25, 70);

    assertThat(table.drop()).isLessThan(0.02);
    assertThat(gate.metricFailure(table)).map(Reason::code).contains(ReasonCode.GATE_FAILED);
  }

  @ParameterizedTest
  @CsvSource({"1000, 900, true", "1000, 901, false", "1000, 1200, false"})
  void shouldAskForTheSizeReduction(long before, long after, boolean holds) {
    assertThat(gate.sizeFailure(before, after).isEmpty()).isEqualTo(holds);
  }

  @Test
  void shouldAskForNothingWhenTheSizeReductionIsZero() {
    Gate lenient = new Gate(new Policy.Gate(Policy.Gate.Metric.ACCURACY, 0.02, 0.95, 0));

    assertThat(lenient.sizeFailure(1000, 1001)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0.01, 299", "0.02, 149", "0.05, 59"})
  void shouldPassAtTheFewestSamplesAndNotBelow(double tolerance, long needed) {
    assertThat(SampleSize.needed(tolerance, 0.95)).isEqualTo(needed);
    assertThat(TangoTest.upperBound(new Agreement(needed, 0, 0, 0), 0.95))
        .isLessThanOrEqualTo(tolerance);
    assertThat(TangoTest.upperBound(new Agreement(needed - 1, 0, 0, 0), 0.95))
        .isGreaterThan(tolerance);
  }

  @Test
  void shouldRefuseWithTheNumberNeededWhenSamplesAreTooFew() {
    assertThatThrownBy(() -> SampleSize.require(298, 0.01, 0.95))
        .hasMessageContaining("data-too-few")
        .hasMessageContaining("299")
        .hasMessageContaining("597");
    SampleSize.require(299, 0.01, 0.95);
  }

  @Test
  void shouldRefuseAToleranceThatNothingCanShow() {
    assertThatThrownBy(() -> SampleSize.require(1_000_000, 0, 0.95))
        .hasMessageContaining("policy-invalid");
  }

  @ParameterizedTest
  @CsvSource({"0.01, 3710", "0.02, 928"})
  void shouldAdviseSamplesForPower(double tolerance, long advised) {
    assertThat(SampleSize.advised(tolerance, 0.95)).isEqualTo(advised);
  }
}
