package dev.espalier.engine;

import dev.espalier.contract.JobPlan;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.checkpoint.Candidate;
import dev.espalier.engine.infer.InputsNotFinite;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.metric.NotANumber;
import dev.espalier.engine.scope.PruningScope;
import dev.espalier.engine.score.Evidence;
import dev.espalier.engine.surgery.RemovalNotProven;
import dev.espalier.engine.train.GradientsNotFinite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * How much each part of a model is worth: the metric when that part alone is pruned, without
 * recovery (Li et al. 2017, arXiv:1608.08710, section 3.2). A part is a layer, or for filters the
 * channels that are coupled, which cannot be removed apart.
 *
 * @param prepared what is measured and removed
 * @param policy first criterion
 * @param start the model as it came
 */
record SensitivityProfile(Preparation prepared, Policy policy, Candidate start) {
  /** The most telling first: a profile that is cut short has seen every part there. */
  private static final List<Double> SPARSITIES = List.of(0.9, 0.5, 0.8);

  /** Most samples scored at each point: a standard error of 1.6 points at worst. */
  private static final int MOST = 1_000;

  /** Fewest samples scored at each point, if there are as many: one of 5 points at worst. */
  private static final int FEWEST = 100;

  /**
   * Measures on as many samples as a time allows, within limits.
   *
   * @param seconds about how long it may take
   * @return by part in the model's order, then by sparsity; without the points that caps forbid,
   *     that have no metric or that there was no time for
   */
  List<JobPlan.Sensitivity> measure(double seconds) {
    long started = System.nanoTime();
    int[] search = prepared.split().search();
    int points = 1 + SPARSITIES.size() * prepared.scope().parts().size();
    double affordable = seconds / (points * prepared.secondsPerSample());
    int count = (int) Math.max(FEWEST, Math.min(MOST, affordable));
    try {
      return measure(
          () -> Monitor.secondsSince(started) < seconds,
          Arrays.copyOf(search, Math.min(count, search.length)));
    } catch (GradientsNotFinite | InputsNotFinite | NotANumber e) {
      return List.of();
    }
  }

  private List<JobPlan.Sensitivity> measure(BooleanSupplier hasTime, int... samples) {
    double whole =
        prepared
            .scorer()
            .measure(prepared.deployment().of(start.masks(), start.weights()), samples)
            .value();
    Map<String, Evidence> evidence = prepared.evidence().at(start, criterion(), 1);
    Map<String, PruningScope> parts = prepared.scope().parts();
    List<JobPlan.Sensitivity> profile = new ArrayList<>();
    for (double sparsity : SPARSITIES) {
      for (Map.Entry<String, PruningScope> part : parts.entrySet()) {
        if (!hasTime.getAsBoolean()) {
          return sorted(profile, parts);
        }
        metric(part.getValue(), sparsity, evidence, samples)
            .ifPresent(
                metric ->
                    profile.add(
                        new JobPlan.Sensitivity(
                            part.getKey(),
                            sparsity,
                            metric,
                            policy.gate().metric().drop(whole, metric))));
      }
    }
    return sorted(profile, parts);
  }

  /** Movement is of training, of which there is none here. */
  private Policy.Criterion criterion() {
    return policy.criterion() == Policy.Criterion.MOVEMENT
        ? Policy.Criterion.MAGNITUDE
        : policy.criterion();
  }

  private Optional<Double> metric(
      PruningScope part, double sparsity, Map<String, Evidence> evidence, int... samples) {
    long total = (long) Math.ceil(sparsity * part.size());
    if (total > part.mostRemoved()) {
      return Optional.empty();
    }
    try {
      Map<String, Mask> masks = new LinkedHashMap<>(start.masks());
      masks.putAll(
          part.remove(
              part.initialMasks(),
              start.weights(),
              criterion(),
              evidence,
              Policy.Scope.GLOBAL,
              total));
      return Optional.of(
          prepared
              .scorer()
              .measure(
                  prepared
                      .deployment()
                      .of(masks, Masking.apply(prepared.scope(), masks, start.weights())),
                  samples)
              .value());
    } catch (NotANumber | Refusal | RemovalNotProven e) {
      return Optional.empty();
    }
  }

  private static List<JobPlan.Sensitivity> sorted(
      List<JobPlan.Sensitivity> profile, Map<String, PruningScope> parts) {
    List<String> order = List.copyOf(parts.keySet());
    Map<String, Integer> places = new LinkedHashMap<>();
    order.forEach(name -> places.put(name, places.size()));
    return profile.stream()
        .sorted(
            Comparator.comparingInt((JobPlan.Sensitivity point) -> places.get(point.part()))
                .thenComparingDouble(JobPlan.Sensitivity::sparsity))
        .toList();
  }
}
