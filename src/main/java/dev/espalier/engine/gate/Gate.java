package dev.espalier.engine.gate;

import dev.espalier.contract.ClassDrop;
import dev.espalier.contract.Granularity;
import dev.espalier.contract.Latency;
import dev.espalier.contract.Metric;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.engine.metric.Measurement;
import dev.espalier.engine.metric.Proportion;
import dev.espalier.engine.metric.Recalls;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of acceptance, in order: the metric first, then what was gained.
 *
 * @param policy tolerance, confidence and smallest gain
 */
public record Gate(Policy.Gate policy) {
  private static final double POWER = 0.8;

  /**
   * Largest acceptable drop in the metric's unit, for a baseline. A relative tolerance takes its
   * share of the baseline's size; a baseline of 0 then allows nothing.
   */
  public double allowed(double baseline) {
    return isRelative() ? policy.maxDrop() * Math.abs(baseline) : policy.maxDrop();
  }

  /**
   * The same for a baseline that a drop is to be shown from.
   *
   * @throws Refusal {@code policy-invalid} when it is 0 and the tolerance relative
   */
  public double tolerance(double baseline) {
    if (isRelative() && baseline == 0) {
      throw new Refusal(
          ReasonCode.POLICY_INVALID,
          policy.metric().wire()
              + " of the model is 0, which has no relative drop; use drop-type absolute");
    }
    return allowed(baseline);
  }

  private boolean isRelative() {
    return policy.dropType() == Policy.Gate.DropType.RELATIVE;
  }

  /** Whether the point estimate of the drop is acceptable. */
  public boolean tolerates(double baseline, double value) {
    return policy.metric().drop(baseline, value) <= allowed(baseline);
  }

  /**
   * Whether a model would pass on as many other samples in 80 of 100 cases, going by its drop and
   * bound on these. The difference of two independent estimates spreads √2 times as far as one, so
   * the bound's distance from the drop is stretched from z to z + √2 · z₀.₈.
   */
  public boolean isSafe(double baseline, double drop, double upperBound) {
    double z = TangoTest.quantile(policy.confidence());
    double stretch = z == 0 ? 1 : 1 + Math.sqrt(2) * TangoTest.quantile(POWER) / z;
    return drop + stretch * (upperBound - drop) <= allowed(baseline);
  }

  /**
   * Compares two models on the same samples: proportions by {@link TangoTest}, anything else by
   * {@link PairedBootstrap}.
   *
   * @param seed of the resamples
   * @param resampled told after each resample
   * @throws Refusal {@code data-too-few} or {@code policy-invalid} when no bound can be told
   */
  public Comparison compare(
      Measurement baseline, Measurement pruned, long seed, LongConsumer resampled) {
    Metric metric = policy.metric();
    double before = baseline.value();
    double after = pruned.value();
    double drop = metric.drop(before, after);
    double allowed = tolerance(before);
    if (baseline instanceof Proportion hits && pruned instanceof Proportion others) {
      Agreement table = Agreement.of(hits.right(), others.right(), hits.samples());
      double bound = TangoTest.upperBound(table, policy.confidence());
      return new Comparison(
          before,
          after,
          drop,
          bound,
          allowed,
          TangoTest.NAME,
          table.toResult(),
          null,
          table.samples());
    }
    double bound =
        new PairedBootstrap(baseline, pruned, this::scaledDrop)
            .upperBound(policy.confidence(), seed, resampled);
    if (!Double.isFinite(bound)) {
      throw new Refusal(
          ReasonCode.DATA_TOO_FEW,
          metric.wire() + " is undefined on too many resamples of the verdict samples; give more");
    }
    return new Comparison(
        before,
        after,
        drop,
        isRelative() ? bound * Math.abs(before) : bound,
        allowed,
        PairedBootstrap.NAME,
        null,
        null,
        baseline.samples());
  }

  /** The drop as the tolerance measures it, so that a baseline's own uncertainty counts. */
  private double scaledDrop(double before, double after) {
    double drop = policy.metric().drop(before, after);
    return isRelative() ? drop / Math.abs(before) : drop;
  }

  /**
   * The same comparison with each class's recall beside it, where the policy has a condition on
   * them.
   *
   * @param baseline of the model as it came, on the samples of {@code found}
   * @param pruned of the pruned model, on the same
   */
  public Comparison withClasses(Comparison found, Recalls baseline, Recalls pruned) {
    return classHarm().map(harm -> found.with(harm.compare(baseline, pruned))).orElse(found);
  }

  /**
   * Requires classes where there is a condition on them.
   *
   * @throws Refusal {@code policy-invalid} for a regression
   */
  public void requireClasses(Task task) {
    if (policy.perClassMaxDrop() != null && task == Task.REGRESSION) {
      throw new Refusal(
          ReasonCode.POLICY_INVALID,
          "gate.per-class-max-drop: a regression has no classes; leave it out");
    }
  }

  private Optional<ClassHarm> classHarm() {
    return Optional.ofNullable(policy.perClassMaxDrop())
        .map(tolerance -> new ClassHarm(tolerance, policy.confidence()));
  }

  /**
   * The class whose recall dropped most of those that are known to be harmed, where the policy has
   * a condition on that.
   *
   * @param baseline of the model as it came
   * @param pruned of a version of it, on the same samples
   */
  public Optional<ClassDrop> harmed(Recalls baseline, Recalls pruned) {
    return classHarm().flatMap(harm -> worst(harm, harm.compare(baseline, pruned)));
  }

  private static Optional<ClassDrop> worst(ClassHarm harm, List<ClassDrop> classes) {
    return classes.stream().filter(harm::harms).max(Comparator.comparingDouble(ClassDrop::drop));
  }

  /** No class may be known to be harmed. */
  private Optional<Reason> classFailure(Comparison found) {
    List<ClassDrop> classes = found.classes();
    if (classes == null) {
      return Optional.empty();
    }
    return classHarm()
        .flatMap(harm -> worst(harm, classes))
        .map(
            worst ->
                new Reason(
                    ReasonCode.GATE_FAILED,
                    String.format(
                        Locale.ROOT,
                        "the recall of class %d dropped by %.4f on %d samples, by at least %.4f at"
                            + " confidence %s, above per-class-max-drop %s: lower the target or"
                            + " recover longer",
                        worst.index(),
                        worst.drop(),
                        worst.samples(),
                        worst.lowerBound(),
                        policy.confidence(),
                        policy.perClassMaxDrop())));
  }

  /**
   * Non-inferiority: the upper bound of the drop must not exceed the tolerance, and no class may be
   * known to be harmed.
   *
   * @return why the metric condition fails, or empty when it holds
   */
  public Optional<Reason> metricFailure(Comparison found) {
    if (found.kept()) {
      return classFailure(found);
    }
    return Optional.of(
        new Reason(
            ReasonCode.GATE_FAILED,
            String.format(
                Locale.ROOT,
                "%s went from %.4f to %.4f on %d samples; it may be %.4f worse at confidence %s,"
                    + " above max-drop %s%s: lower the target or recover longer",
                policy.metric().wire(),
                found.baseline(),
                found.pruned(),
                found.samples(),
                found.upperBound(),
                policy.confidence(),
                policy.maxDrop(),
                isRelative() ? " of the baseline" : "")));
  }

  /**
   * The speed-up that a policy asks for: its own, or that removed filters do not slow a model down.
   * Other granularities leave the shapes as they are, so that nothing is asked of their speed.
   */
  public static Optional<Double> minSpeedup(Policy policy) {
    Double wanted = policy.gate().minSpeedup();
    boolean smaller = policy.granularity().equals(Granularity.FILTER);
    return wanted == null && smaller ? Optional.of(1.0) : Optional.ofNullable(wanted);
  }

  /**
   * Benefit: the lower bound of the ratio of latencies must reach what is asked for; 0 asks for
   * nothing.
   *
   * @param found absent when it could not be measured
   * @return why the condition fails, or empty when it holds
   */
  public static Optional<Reason> speedFailure(Policy policy, @Nullable Latency found) {
    double wanted = minSpeedup(policy).orElse(0.0);
    if (wanted == 0 || (found != null && found.ratioBound() >= wanted)) {
      return Optional.empty();
    }
    return Optional.of(
        new Reason(
            ReasonCode.NO_BENEFIT,
            found == null
                ? "min-speedup asks for a latency that could not be measured; drop the condition"
                : String.format(
                    Locale.ROOT,
                    "median latency went from %.4g to %.4g ms over %d repetitions; the ratio is at"
                        + " least %.3f, below min-speedup %s%s: remove more, or set min-speedup"
                        + " lower%s",
                    found.before(),
                    found.after(),
                    found.repetitions(),
                    found.ratioBound(),
                    wanted,
                    policy.gate().minSpeedup() == null
                        ? ", which removed filters have to show"
                        : "",
                    policy.quantize() == Policy.Quantize.INT8
                        ? "; int8 itself slows ONNX Runtime down"
                        : "")));
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
