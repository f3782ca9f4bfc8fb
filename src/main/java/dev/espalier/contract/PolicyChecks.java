package dev.espalier.contract;

import static dev.espalier.contract.ReasonCode.POLICY_INVALID;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;

/** What a schema cannot say about a policy: fields that contradict each other, broken patterns. */
final class PolicyChecks {
  /**
   * Bound of the product of all repetition counts in an expression. RE2 takes linear time in the
   * text, but its program grows with the counts: {@code ((a{999}){999}){999}} would not fit.
   */
  private static final long MAX_REPETITIONS = 1_000;

  /** Distance within which fractions written with few digits are the same. */
  private static final double ROUNDING = 1e-6;

  private static final java.util.regex.Pattern COUNT =
      java.util.regex.Pattern.compile("\\{(?:\\d*,)?(\\d{1,9})");

  /** Criteria that are not defined for channels. */
  private static final Set<Policy.Criterion> WEIGHTS_ONLY =
      EnumSet.of(
          Policy.Criterion.GRADIENT_SIGN,
          Policy.Criterion.MOVEMENT,
          Policy.Criterion.WANDA,
          Policy.Criterion.OBS);

  /** Criteria that are not defined for single weights. */
  private static final Set<Policy.Criterion> CHANNELS_ONLY =
      EnumSet.of(
          Policy.Criterion.FILTER_L1,
          Policy.Criterion.FILTER_L2,
          Policy.Criterion.BATCH_NORM_SCALE,
          Policy.Criterion.GEOMETRIC_MEDIAN);

  private PolicyChecks() {}

  static void check(Policy policy) {
    checkGranularity(policy);
    if (policy.granularity() instanceof Granularity.NOfM pattern) {
      checkPattern(policy, pattern);
    }
    for (int i = 0; i < policy.exclude().size(); i++) {
      checkExpression("exclude[" + i + "]", policy.exclude().get(i));
    }
    for (int i = 0; i < policy.overrides().size(); i++) {
      checkExpression("overrides[" + i + "].layers", policy.overrides().get(i).layers());
    }
    Double sparsity = policy.target().sparsity();
    if (sparsity != null && policy.schedule().from() > sparsity) {
      throw invalid(
          "'schedule.from' %s is above 'target.sparsity' %s", policy.schedule().from(), sparsity);
    }
    boolean movement =
        policy.criterion() == Policy.Criterion.MOVEMENT
            || policy.fallback().contains(Policy.Criterion.MOVEMENT);
    if (movement && policy.recover().epochs() == 0) {
      throw invalid("'recover.epochs' is 0, but the criterion movement looks back on recovery");
    }
    boolean single = policy.granularity().equals(Granularity.WEIGHT);
    boolean reconstructing =
        policy.criterion() == Policy.Criterion.OBS
            || policy.fallback().contains(Policy.Criterion.OBS);
    if (reconstructing && !single) {
      throw invalid("'granularity' is not weight, but the criterion obs chooses single weights");
    }
    checkValues(policy.schedule(), policy.target());
    if (policy.budget().maxDuration().isZero()) {
      throw invalid("'budget.max-duration' is zero; give the engine some time, such as PT2H");
    }
  }

  private static void checkGranularity(Policy policy) {
    boolean filter = policy.granularity() instanceof Granularity.Filter;
    if (policy.scope() == Policy.Scope.ERK && filter) {
      throw invalid(
          "'scope' erk shares out single weights; with granularity filter choose global or layer");
    }
    List<Policy.Criterion> criteria = new ArrayList<>(List.of(policy.criterion()));
    criteria.addAll(policy.fallback());
    for (Policy.Criterion criterion : criteria) {
      if (filter ? WEIGHTS_ONLY.contains(criterion) : CHANNELS_ONLY.contains(criterion)) {
        throw invalid(
            "'%s' %s scores %s; with this granularity choose another, such as %s",
            criterion == policy.criterion() ? "criterion" : "fallback",
            criterion.wire(),
            filter ? "single weights" : "channels",
            filter ? "filter-l2" : "magnitude");
      }
    }
  }

  private static void checkPattern(Policy policy, Granularity.NOfM pattern) {
    int n = pattern.n();
    int m = pattern.m();
    if (n >= m) {
      throw invalid("'granularity.n' is %s; it must be below 'm', %s", n, m);
    }
    Double sparsity = policy.target().sparsity();
    if (sparsity == null || Math.abs(sparsity - pattern.sparsity()) > ROUNDING) {
      throw invalid(
          "'target' must be left out for the granularity %s:%s, or be its sparsity, %s",
          n, m, pattern.sparsity());
    }
    if (policy.search().enabled()) {
      throw invalid(
          "'search.enabled' does not go with the granularity %s:%s, which has one sparsity", n, m);
    }
    if (policy.minimumKept() > 1 - pattern.sparsity() + ROUNDING) {
      throw invalid(
          "'minimum-kept' is %s; the granularity %s:%s keeps %s",
          policy.minimumKept(), n, m, (double) n / m);
    }
    for (Policy.LayerOverride override : policy.overrides()) {
      if (override.maxSparsity() < pattern.sparsity() - ROUNDING) {
        throw invalid(
            "'overrides' caps '%s' at %s, below the sparsity of the granularity %s:%s, %s; exclude"
                + " these layers instead",
            override.layers(), override.maxSparsity(), n, m, pattern.sparsity());
      }
    }
  }

  private static void checkValues(Policy.Schedule schedule, Policy.Target target) {
    List<Double> values = schedule.values();
    boolean explicit = schedule.kind() == Policy.Schedule.Kind.EXPLICIT;
    if (explicit == values.isEmpty()) {
      throw invalid("'schedule.values' goes with the kind explicit, and only with it");
    }
    for (int i = 1; i < values.size(); i++) {
      if (values.get(i) < values.get(i - 1)) {
        throw invalid("'schedule.values[%s]' is below the value before it", i);
      }
    }
    if (explicit && !values.get(values.size() - 1).equals(target.sparsity())) {
      throw invalid(
          "'target.sparsity' must be the last of 'schedule.values', %s",
          values.get(values.size() - 1));
    }
  }

  private static void checkExpression(String field, String expression) {
    long repetitions =
        COUNT
            .matcher(expression)
            .results()
            .map(MatchResult::group)
            .mapToLong(PolicyChecks::upperCount)
            .reduce(1, (a, b) -> Math.min(a * b, MAX_REPETITIONS + 1));
    if (repetitions > MAX_REPETITIONS) {
      throw invalid("'%s' repeats more than %s times", field, MAX_REPETITIONS);
    }
    try {
      Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw invalid("'%s' is not a regular expression (RE2): %s", field, e.getMessage());
    }
  }

  private static long upperCount(String braces) {
    return Math.max(1, Long.parseLong(braces.replaceAll("^\\{(?:\\d*,)?", "")));
  }

  private static Refusal invalid(String format, Object... arguments) {
    return new Refusal(
        POLICY_INVALID, "policy field " + String.format(Locale.ROOT, format, arguments));
  }
}
