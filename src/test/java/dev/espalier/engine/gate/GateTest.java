package dev.espalier.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.contract.Granularity;
import dev.espalier.contract.Latency;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.metric.Proportion;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {
  private final Gate gate =
      new Gate(TestPolicies.gate("max-drop: 0.02, drop-type: absolute, min-size-reduction: 0.1"));

  /** The policy's min-speedup, the bound that was found, whether there is a benefit. */
  @ParameterizedTest
  @CsvSource({
    "null, 0.2, true",
    "0,    0.2, true",
    "1.2,  1.2, true",
    "1.2,  1.19, false",
    "1.2,  ,    false",
    "0,    ,    true",
    "null, ,    true"
  })
  void shouldGoByTheBoundOfTheRatioWhenASpeedUpIsAskedFor(
      String wanted, @Nullable Double bound, boolean benefit) {
    Policy policy = TestPolicies.policy("gate: {min-speedup: " + wanted + "}");

    assertThat(Gate.speedFailure(policy, latency(bound)))
        .map(Reason::code)
        .isEqualTo(benefit ? Optional.empty() : Optional.of(ReasonCode.NO_BENEFIT));
  }

  /** Removed filters that slow a model down are no benefit, unless the policy says otherwise. */
  @ParameterizedTest
  @CsvSource({"null, 1.0, true", "null, 0.99, false", "0, 0.99, true", "null, , false"})
  void shouldAskThatRemovedFiltersDoNotSlowDown(
      String wanted, @Nullable Double bound, boolean benefit) {
    Policy weights = TestPolicies.policy("gate: {min-speedup: " + wanted + "}");
    Policy filters =
        new Policy(
            weights.name(),
            weights.criterion(),
            weights.fallback(),
            weights.scope(),
            Granularity.FILTER,
            weights.target(),
            weights.sign(),
            weights.schedule(),
            weights.exclude(),
            weights.overrides(),
            weights.roundTo(),
            weights.minimumKept(),
            weights.gradientSamples(),
            weights.recover(),
            weights.quantize(),
            weights.gate(),
            weights.search(),
            weights.budget(),
            weights.seed());

    assertThat(Gate.speedFailure(filters, latency(bound)).isEmpty()).isEqualTo(benefit);
  }

  private static @Nullable Latency latency(@Nullable Double bound) {
    return bound == null
        ? null
        : new Latency("onnxruntime 1.29.0", 1, 1, 2, 1, 0.1, 0.1, bound, "ms", 30);
  }

  @Test
  void shouldCountAgreementBySample() {
    BitSet baseline = BitSet.valueOf(new long[] {0b0111});
    BitSet pruned = BitSet.valueOf(new long[] {0b1001});

    assertThat(Agreement.of(baseline, pruned, 6)).isEqualTo(new Agreement(1, 2, 1, 2));
  }

  @Test
  void shouldAcceptWhenTheBoundIsWithinTheTolerance() {
    assertThat(gate.metricFailure(compared(new Agreement(4_300, 150, 150, 400)))).isEmpty();
  }

  @Test
  void shouldRejectWhenTheDropIsWithinButItsBoundIsNot() {
    Agreement table = new Agreement(870, 35, 25, 70);

    assertThat(table.drop()).isLessThan(0.02);
    assertThat(gate.metricFailure(compared(table)))
        .map(Reason::code)
        .contains(ReasonCode.GATE_FAILED);
  }

  @Test
  void shouldAllowAShareOfTheBaselineWhenTheToleranceIsRelative() {
    Gate relative =
        new Gate(TestPolicies.gate("max-drop: 0.02, drop-type: relative, min-size-reduction: 0"));
    Agreement table = new Agreement(2_300, 90, 60, 2_550);

    Comparison found = compared(relative, table);

    assertThat(found.allowed()).isEqualTo(0.02 * table.baseline());
    assertThat(found.upperBound()).isBetween(found.allowed(), 0.02);
    assertThat(found.kept()).isFalse();
  }

  @Test
  void shouldRefuseARelativeToleranceWhenTheBaselineIsZero() {
    Gate relative =
        new Gate(TestPolicies.gate("max-drop: 0.02, drop-type: relative, min-size-reduction: 0"));

    assertThatThrownBy(() -> compared(relative, new Agreement(0, 0, 0, 500)))
        .hasMessageContaining("policy-invalid");
  }

  @ParameterizedTest
  @CsvSource({"99, false", "100, true"})
  void shouldAskForSamplesThatCanBeResampled(long samples, boolean enough) {
    if (enough) {
      SampleSize.requireForBootstrap(samples);
    } else {
      assertThatThrownBy(() -> SampleSize.requireForBootstrap(samples))
          .hasMessageContaining("data-too-few")
          .hasMessageContaining("199");
    }
  }

  private Comparison compared(Agreement table) {
    return compared(gate, table);
  }

  /** Lays the samples out in the order of the table. */
  private static Comparison compared(Gate gate, Agreement table) {
    int both = (int) table.both();
    int onlyBaseline = (int) table.onlyBaseline();
    int onlyPruned = (int) table.onlyPruned();
    BitSet baseline = new BitSet();
    baseline.set(0, both + onlyBaseline);
    BitSet pruned = new BitSet();
    pruned.set(0, both);
    pruned.set(both + onlyBaseline, both + onlyBaseline + onlyPruned);
    int samples = (int) table.samples();
    return gate.compare(
        new Proportion(baseline, samples), new Proportion(pruned, samples), 1, n -> {});
  }

  @ParameterizedTest
  @CsvSource({"1000, 900, true", "1000, 901, false", "1000, 1200, false"})
  void shouldAskForTheSizeReduction(long before, long after, boolean holds) {
    assertThat(gate.sizeFailure(before, after).isEmpty()).isEqualTo(holds);
  }

  @Test
  void shouldAskForNothingWhenTheSizeReductionIsZero() {
    Gate lenient =
        new Gate(TestPolicies.gate("max-drop: 0.02, drop-type: absolute, min-size-reduction: 0"));

    assertThat(lenient.sizeFailure(1000, 1001)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0.01, 299", "0.02, 149", "0.05, 59"})
  void shouldPassAtTheFewestSamplesAndNotBelow(double tolerance, long needed) {
    assertThat(SampleSize.smallestDrop(needed, 0.95)).isLessThanOrEqualTo(tolerance);
    assertThat(SampleSize.smallestDrop(needed - 1, 0.95)).isGreaterThan(tolerance);
    long advised = SampleSize.advised(tolerance, 0.95);
    assertThat(SampleSize.likelyDrop(advised, 0.95)).isLessThanOrEqualTo(tolerance);
    assertThat(SampleSize.likelyDrop(advised - 1, 0.95)).isGreaterThan(tolerance);
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
