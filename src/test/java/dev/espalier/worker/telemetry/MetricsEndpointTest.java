package dev.espalier.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.ModelResult.Coordinates;
import dev.espalier.contract.Verdict;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsEndpointTest {
  private final CollectorRegistry scraped = new CollectorRegistry();

  @Test
  void shouldHaveExemplarsWherePrometheusTakesThemAndNowhereElse() {
    WorkerMetrics metrics = new WorkerMetrics(registry(), scraped);
    RecordTrace trace = new TestTraces().traces().of(new Coordinates("model-trained", 0, 0));
    trace.begin(null, null);
    RecordTrace.Active slot = trace.activate();
    metrics.jobEnded(Verdict.PRUNED, Duration.ofSeconds(2));
    metrics.modelPruned(0.9, 0.001, 0.2);
    slot.close();

    List<Sample> found =
        MetricsEndpoint.allowed(scraped).stream()
            .flatMap(family -> family.samples.stream())
            .filter(sample -> sample.exemplar != null)
            .toList();

    assertThat(found)
        .extracting(sample -> sample.name)
        .contains(
            "espalier_job_duration_seconds_bucket",
            "espalier_job_sparsity_ratio_bucket",
            "espalier_jobs_total")
        .allMatch(name -> name.endsWith("_bucket") || name.endsWith("_total"));
  }

  @Test
  void shouldKeepEverySampleWhenItDropsAnExemplar() {
    WorkerMetrics metrics = new WorkerMetrics(registry(), scraped);
    metrics.jobEnded(Verdict.PRUNED, Duration.ofSeconds(2));

    assertThat(MetricsEndpoint.allowed(scraped))
        .flatExtracting(family -> family.samples)
        .extracting(sample -> sample.name, sample -> sample.labelValues, sample -> sample.value)
        .containsExactlyInAnyOrderElementsOf(
            java.util.Collections.list(scraped.metricFamilySamples()).stream()
                .flatMap(family -> family.samples.stream())
                .map(s -> org.assertj.core.groups.Tuple.tuple(s.name, s.labelValues, s.value))
                .toList());
  }

  @SuppressWarnings("deprecation") // The platform's registry of this version.
  private MeterRegistry registry() {
    return new io.micrometer.prometheus.PrometheusMeterRegistry(
        io.micrometer.prometheus.PrometheusConfig.DEFAULT,
        scraped,
        Clock.SYSTEM,
        Exemplars.sampler().orElseThrow());
  }
}
