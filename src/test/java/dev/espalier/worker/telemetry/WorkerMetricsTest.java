package dev.espalier.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Verdict;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("deprecation") // The registry of the container is the one that is tested.
class WorkerMetricsTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final WorkerMetrics metrics =
      new WorkerMetrics(registry, registry.getPrometheusRegistry());

  /** Without the trailing comma that this registry writes after the last label. */
  private String scrape() {
    return registry.scrape().replace(",}", "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "espalier_jobs_total{verdict=\"pruned\"} 0.0",
        "espalier_jobs_total{verdict=\"superseded\"} 0.0",
        "espalier_jobs_in_progress 0.0",
        "espalier_job_duration_seconds_bucket{le=\"+Inf\"} 0",
        "espalier_stage_duration_seconds_bucket{stage=\"fetch\",le=\"+Inf\"} 0",
        "espalier_job_sparsity_ratio_bucket{le=\"0.9\"} 0",
        "espalier_job_metric_drop_ratio_bucket{le=\"0.01\"} 0",
        "espalier_job_size_ratio_bucket{le=\"0.1\"} 0",
        "espalier_job_latency_ratio_bucket{le=\"0.5\"} 0",
        "espalier_gate_verdicts_total{verdict=\"rejected\"} 0.0",
        "espalier_artifact_bytes_total{direction=\"in\"} 0.0",
        "espalier_artifact_bytes_total{direction=\"out\"} 0.0",
        "espalier_object_store_request_duration_seconds_bucket"
            + "{operation=\"create\",outcome=\"exists\",le=\"+Inf\"} 0",
        "espalier_dead_letters_total{reason=\"schema-violation\"} 0.0",
        "espalier_redeliveries_total{kind=\"announced\"} 0.0",
        "espalier_engine_restarts_total{cause=\"engine-crashed\"} 0.0",
        "espalier_engine_memory_bytes 0.0",
        "espalier_last_progress_timestamp_seconds ",
        "espalier_build_info{version=\"",
      })
  void shouldHaveSeriesFromTheStart(String series) {
    assertThat(scrape()).contains("\n" + series);
  }

  @Test
  void shouldCountAModelThatGained() {
    metrics.modelPruned(0.9, -0.01, 0.2);

    assertThat(scrape())
        .contains(
            "espalier_job_metric_drop_ratio_count 1.0",
            "espalier_job_metric_drop_ratio_bucket{le=\"0.001\"} 1.0");
  }

  @Test
  void shouldPutFractionsIntoTheirBuckets() {
    metrics.modelPruned(0.93, 0.004, 0.2);

    assertThat(scrape())
        .contains("espalier_job_sparsity_ratio_bucket{le=\"0.9\"} 0.0")
        .contains("espalier_job_sparsity_ratio_bucket{le=\"0.95\"} 1.0")
        .contains("espalier_job_metric_drop_ratio_bucket{le=\"0.0025\"} 0.0")
        .contains("espalier_job_metric_drop_ratio_bucket{le=\"0.005\"} 1.0")
        .contains("espalier_job_size_ratio_bucket{le=\"0.1\"} 0.0")
        .contains("espalier_job_size_ratio_bucket{le=\"0.2\"} 1.0");
  }

  @Test
  void shouldCountAModelThatBecameSlower() {
    metrics.modelTimed(1.25);

    assertThat(scrape())
        .contains("espalier_job_latency_ratio_bucket{le=\"1.1\"} 0")
        .contains("espalier_job_latency_ratio_bucket{le=\"1.5\"} 1");
  }

  @Test
  void shouldCountEachEventOnItsOwnSeries() {
    metrics.jobEnded(Verdict.REJECTED, Duration.ofSeconds(2));
    metrics.gateDecided(Verdict.REJECTED);
    metrics.deadLettered(ReasonCode.CONFLICTING_DUPLICATE);
    metrics.redelivered(Redelivery.RESUMED);
    metrics.engineRestarted(ReasonCode.ENGINE_STALLED);
    metrics.artifactBytesOut(7);
    assertThat(scrape())
        .contains("espalier_jobs_total{verdict=\"rejected\"} 1.0")
        .contains("espalier_jobs_total{verdict=\"pruned\"} 0.0")
        .contains("espalier_job_duration_seconds_sum 2.0")
        .contains("espalier_gate_verdicts_total{verdict=\"rejected\"} 1.0")
        .contains("espalier_dead_letters_total{reason=\"conflicting-duplicate\"} 1.0")
        .contains("espalier_dead_letters_total{reason=\"not-a-cloudevent\"} 0.0")
        .contains("espalier_redeliveries_total{kind=\"resumed\"} 1.0")
        .contains("espalier_engine_restarts_total{cause=\"engine-stalled\"} 1.0")
        .contains("espalier_artifact_bytes_total{direction=\"out\"} 7.0");
  }

  @Test
  void shouldShowJobsAndEnginesOnlyWhileTheyRun() {
    WorkerMetrics.Running job = metrics.jobStarted();
    WorkerMetrics.Running engine = metrics.engineRunning(() -> 100);
    assertThat(scrape())
        .contains("espalier_jobs_in_progress 1.0")
        .contains("espalier_engine_memory_bytes 100.0");
    job.close();
    engine.close();
    assertThat(scrape())
        .contains("espalier_jobs_in_progress 0.0")
        .contains("espalier_engine_memory_bytes 0.0");
  }
}
