package dev.espalier.cli;

import dev.espalier.contract.JobPlan;
import dev.espalier.contract.Policy;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code plan} shows to people. */
final class PlanText {
  private static final double MEBIBYTE = 1 << 20;

  private PlanText() {}

  static String of(JobPlan plan) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "model",
        "%s, %,d parameters%s",
        plan.format().wire(),
        plan.parameters(),
        plan.macs() == null
            ? ""
            : String.format(Locale.ROOT, ", %,d MACs per sample", plan.macs()));
    line(text, "policy", "%s, sha256 %s", plan.policy().values().name(), plan.policy().digest());
    scope(text, plan.scope());
    line(
        text,
        "schedule",
        "%s: %s",
        plan.policy().values().schedule().kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        plan.schedule().stream()
            .map(s -> String.format(Locale.ROOT, "%.1f %% (%,d)", 100 * s.sparsity(), s.removed()))
            .collect(Collectors.joining(", ")));
    recovery(text, plan);
    samples(text, plan);
    cost(text, plan);
    sensitivity(text, plan);
    plan.warnings().forEach(warning -> line(text, "warning", "%s", warning));
    return text.toString().stripTrailing();
  }

  private static void scope(StringBuilder text, JobPlan.Scope scope) {
    line(
        text,
        "scope",
        "%,d %s, %,d gone already, at most %,d may go",
        scope.size(),
        scope.unit(),
        scope.gone(),
        scope.most());
    scope.tensors().stream()
        .filter(tensor -> !tensor.inScope())
        .forEach(
            tensor -> line(text, "left alone", "%s, %,d weights", tensor.name(), tensor.weights()));
  }

  private static void recovery(StringBuilder text, JobPlan plan) {
    JobPlan.Recovery recovery = plan.recovery();
    if (recovery.obstacle() != null) {
      line(text, "recovery", "none: %s", recovery.obstacle());
    } else {
      line(
          text,
          "recovery",
          "%d epochs on %,d samples after each step",
          recovery.epochs(),
          recovery.samples());
    }
    if (plan.criterionSamples() != null) {
      Policy.Criterion criterion = plan.policy().values().criterion();
      line(text, "criterion", "%s, from %,d samples", criterion.wire(), plan.criterionSamples());
    }
  }

  private static void samples(StringBuilder text, JobPlan plan) {
    JobPlan.Samples samples = plan.samples();
    line(
        text,
        "samples",
        "%,d to search with, %,d for the verdict; %s %.4f as it came",
        samples.search(),
        samples.verdict(),
        plan.policy().values().gate().metric().wire(),
        samples.baseline());
    if (samples.smallestDrop() != null) {
      line(
          text,
          "gate",
          "can show a drop of %.4f, likely shows %.4f; %,d samples are needed, %,d advised",
          samples.smallestDrop(),
          samples.likelyDrop(),
          samples.needed(),
          samples.advised());
    }
  }

  private static void cost(StringBuilder text, JobPlan plan) {
    JobPlan.Cost cost = plan.cost();
    line(
        text,
        "time",
        "about %.0f s, at most %.0f s with a search; %,.0f samples scored%s a second",
        cost.seconds(),
        cost.secondsAtMost(),
        cost.scoringRate(),
        cost.trainingRate() == null
            ? ""
            : String.format(Locale.ROOT, ", %,.0f trained", cost.trainingRate()));
    line(
        text,
        "memory",
        "about %,.0f MiB, %,.0f of them seen",
        plan.memory().estimatedBytes() / MEBIBYTE,
        plan.memory().measuredBytes() / MEBIBYTE);
  }

  private static void sensitivity(StringBuilder text, JobPlan plan) {
    if (!plan.sensitivity().isEmpty()) {
      line(text, "alone", "%-40s %8s %10s %10s", "part", "sparsity", "metric", "drop");
    }
    for (JobPlan.Sensitivity point : plan.sensitivity()) {
      line(
          text,
          "",
          "%-40s %6.0f %% %10.4f %10.4f",
          point.part(),
          100 * point.sparsity(),
          point.metric(),
          point.drop());
    }
  }

  private static void line(StringBuilder text, String name, String format, @Nullable Object... of) {
    text.append(String.format(Locale.ROOT, "%-11s ", name))
        .append(String.format(Locale.ROOT, format, of))
        .append(System.lineSeparator());
  }
}
