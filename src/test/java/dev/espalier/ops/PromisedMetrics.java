package dev.espalier.ops;

import java.util.Map;
import java.util.Set;

/** The metrics that the contract names, with their labels; histograms without their suffixes. */
public final class PromisedMetrics {
  /** Labels by name. What is read elsewhere, by dashboards and alerts of users, is not renamed. */
  public static final Map<String, Set<String>> LABELS =
      Map.ofEntries(
          Map.entry("espalier_jobs_total", Set.of("verdict")),
          Map.entry("espalier_jobs_in_progress", Set.of()),
          Map.entry("espalier_job_duration_seconds", Set.of()),
          Map.entry("espalier_stage_duration_seconds", Set.of("stage")),
          Map.entry("espalier_job_sparsity_ratio", Set.of()),
          Map.entry("espalier_job_metric_drop_ratio", Set.of()),
          Map.entry("espalier_job_size_ratio", Set.of()),
          Map.entry("espalier_job_latency_ratio", Set.of()),
          Map.entry("espalier_gate_verdicts_total", Set.of("verdict")),
          Map.entry("espalier_artifact_bytes_total", Set.of("direction")),
          Map.entry(
              "espalier_object_store_request_duration_seconds", Set.of("operation", "outcome")),
          Map.entry("espalier_dead_letters_total", Set.of("reason")),
          Map.entry("espalier_redeliveries_total", Set.of("kind")),
          Map.entry("espalier_engine_restarts_total", Set.of("cause")),
          Map.entry("espalier_engine_memory_bytes", Set.of()),
          Map.entry("espalier_last_progress_timestamp_seconds", Set.of()),
          Map.entry("espalier_build_info", Set.of("version")));

  private PromisedMetrics() {}
}
