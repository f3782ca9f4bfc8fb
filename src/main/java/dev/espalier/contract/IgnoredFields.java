package dev.espalier.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Fields that would have no effect beside the others of a policy: whoever set them expects one. An
 * effective policy holds every field, so those at their defaults are never refused.
 */
final class IgnoredFields {
  private static final Set<Policy.Criterion> SAMPLING =
      EnumSet.of(
          Policy.Criterion.GRADIENT_SIGN,
          Policy.Criterion.TAYLOR_SIGNED,
          Policy.Criterion.TAYLOR,
          Policy.Criterion.SNIP,
          Policy.Criterion.WANDA,
          Policy.Criterion.OBS);

  /** Fields of the updates that recovery makes. */
  private static final List<String> UPDATING =
      List.of(
          "optimizer",
          "learning-rate",
          "learning-rate-schedule",
          "momentum",
          "weight-decay",
          "clip-norm",
          "distill",
          "early-stop");

  private final JsonNode given;

  private IgnoredFields(JsonNode given) {
    this.given = given;
  }

  /**
   * Refuses what would be ignored.
   *
   * @param given the policy as it was written
   * @param policy its effective form
   * @throws Refusal {@code policy-invalid} naming the field
   */
  static void refuse(JsonNode given, Policy policy) {
    IgnoredFields fields = new IgnoredFields(given);
    Set<Policy.Criterion> criteria = EnumSet.of(policy.criterion());
    for (Policy.Criterion fallback : policy.fallback()) {
      if (!criteria.add(fallback)) {
        throw invalid("'fallback' names '%s', which is tried before it already", fallback.wire());
      }
    }
    fields.require(
        "sign", criteria.contains(Policy.Criterion.GRADIENT_SIGN), "the criterion gradient-sign");
    fields.require(
        "gradient-samples",
        criteria.stream().anyMatch(SAMPLING::contains),
        "criteria that look at samples");
    boolean filters = policy.granularity().equals(Granularity.FILTER);
    fields.require("round-to", filters, "the granularity filter");
    Policy.Schedule.Kind kind = policy.schedule().kind();
    fields.require(
        "schedule.from",
        kind != Policy.Schedule.Kind.ONE_SHOT && kind != Policy.Schedule.Kind.EXPLICIT,
        "schedules that are curves");
    fields.checkRecovery(policy, criteria);
    Policy.Recover.Optimizer optimizer = policy.recover().optimizer();
    fields.require(
        "recover.momentum", optimizer == Policy.Recover.Optimizer.SGD, "the optimizer sgd");
    fields.require(
        "recover.weight-decay", optimizer == Policy.Recover.Optimizer.ADAMW, "the optimizer adamw");
    fields.checkSteps(policy.schedule());
    fields.checkSearch(policy.search().enabled());
    fields.checkScope(policy, criteria);
  }

  /** A field that is not at its default needs what gives it an effect. */
  private void require(String field, boolean effective, String what) {
    JsonNode value = given.at("/" + field.replace('.', '/'));
    if (!effective && !value.isMissingNode() && !PolicyDefaults.isDefault(field, value)) {
      throw invalid("'%s' is %s, which only %s can use; leave it out", field, value, what);
    }
  }

  private void checkSteps(Policy.Schedule schedule) {
    JsonNode steps = given.at("/schedule/steps");
    if (!steps.isMissingNode() && steps.intValue() != schedule.steps()) {
      throw invalid(
          "'schedule.steps' is %s, but there are %s 'values'; leave it out",
          steps, schedule.steps());
    }
  }

  private void checkRecovery(Policy policy, Set<Policy.Criterion> criteria) {
    boolean trains = policy.recover().epochs() > 0;
    UPDATING.forEach(
        field -> require("recover." + field, trains, "recovery of at least one of 'epochs'"));
    require(
        "recover.batch",
        trains
            || policy.recover().recalibrateBatchNorm()
            || criteria.stream().anyMatch(SAMPLING::contains),
        "recovery, recalibration and criteria that look at samples");
  }

  /** Scores that follow from how weights rank in their own layer say no more than that there. */
  private void checkScope(Policy policy, Set<Policy.Criterion> criteria) {
    boolean pattern = policy.granularity() instanceof Granularity.NOfM;
    require(
        "scope",
        !pattern || policy.schedule().steps() > 1,
        "the way of several steps to a pattern (every group ends as the pattern says)");
    require(
        "scope",
        !criteria.equals(EnumSet.of(Policy.Criterion.LAMP)),
        "criteria other than lamp (which compares layers, and within one orders weights as"
            + " magnitude does)");
  }

  private void checkSearch(boolean enabled) {
    for (String field : new String[] {"search.resolution", "search.max-trials"}) {
      require(field, enabled || !given.path("search").has("enabled"), "a search that is enabled");
    }
    JsonNode search = given.path("search");
    if (!search.isEmpty() && !search.has("enabled")) {
      throw invalid(
          "'search.%s' is given without 'search.enabled', which is false by default; set it",
          search.fieldNames().next());
    }
  }

  private static Refusal invalid(String format, Object... arguments) {
    return new Refusal(
        ReasonCode.POLICY_INVALID, "policy field " + String.format(Locale.ROOT, format, arguments));
  }
}
