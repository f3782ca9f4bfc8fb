package dev.espalier.engine.gate;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import java.util.Locale;
import java.util.Optional;

/**
 * The conditions of acceptance, in order: the metric first, then what was gained.
 *
 * @param policy tolerance, confidence and smallest gain
 */
public record Gate(Policy.Gate policy) {

  /** Upper confidence bound of the drop, in [−1, 1]. */
  public double upperBound(Agreement table) {
    return TangoTest.upperBound(table, policy.confidence());
  }

  /**
   * Non-inferiority: the upper bound of the drop must not exceed the tolerance.
   *
   * @return why the metric condition fails, or empty when it holds
   */
  public Optional<Reason> metricFailure(Agreement table) {
    double bound = upperBound(table);
    if (bound <= policy.maxDrop()) {
      return Optional.empty();
    }
    return Optional.of(
        new Reason(
            ReasonCode.GATE_FAILED,
            String.format(
                Locale.ROOT,
                "accuracy fell from %.4f to %.4f on %d samples; the drop may be %.4f at confidence"
                    + " %s, above max-drop %s: lower the target or recover longer",
                table.baseline(),
                table.pruned(),
                table.samples(),
                bound,
                policy.confidence(),
                policy.maxDrop())));
  }

  /**
   * Benefit: the compressed output must be smaller than the compressed input by {@code
   * min-size-reduction}; 0 asks for nothing.
   *
   * @param before zstd bytes of the input, written again unchanged by the same writer
   * @param after zstd bytes of the output
   * @return why the size condition fails, or empty when it holds
   */
  public Optional<Reason> sizeFailure(long before, long after) {
    double saved = 1 - (double) after / before;
    if (policy.minSizeReduction() == 0
        || before - after >= policy.minSizeReduction() * (double) before) {
      return Optional.empty();
    }
    return Optional.of(
        new Reason(
            ReasonCode.NO_BENEFIT,
            String.format(
                Locale.ROOT,
                "zstd bytes went from %d to %d, %.1f %% saved, below min-size-reduction %s: raise"
                    + " the target",
                before,
                after,
                100 * saved,
                policy.minSizeReduction())));
  }
}
