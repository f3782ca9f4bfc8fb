package dev.espalier.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.docs.Scrape.Metric;
import dev.espalier.ops.PromisedMetrics;
import dev.espalier.worker.config.WorkerConfig;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReferencePagesTest {

  @Test
  void shouldSayWhatTheCodeSaysWhenSettingsAreLookedUp() throws IOException {
    GeneratedSections.check(
        Path.of("docs/configuration.md"),
        Map.of(
            "settings", new ConfigurationReference().text(),
            "platform settings", new QuarkusReference().text()));
  }

  @Test
  void shouldLeaveNoSettingOutWhenTheConfigurationHasIt() throws IOException {
    ConfigurationReference reference = new ConfigurationReference();
    reference.text();

    assertThat(reference.properties())
        .map(ReferencePagesTest::plain)
        .containsExactlyInAnyOrderElementsOf(
            ConfigClass.configClass(WorkerConfig.class).getProperties().keySet().stream()
                .map(ReferencePagesTest::plain)
                .collect(Collectors.toSet()));
  }

  @Test
  void shouldSayWhatIsRegisteredWhenMetricsAreLookedUp() throws IOException {
    MetricsReference reference = new MetricsReference();

    GeneratedSections.check(
        Path.of("docs/metrics.md"),
        Map.of(
            "worker metrics", reference.ours(),
            "buckets", reference.buckets(),
            "library metrics", reference.others()));
  }

  @Test
  void shouldRegisterExactlyThePromisedMetricsAndLabels() {
    assertThat(
            MetricsReference.registered().stream()
                .collect(Collectors.toMap(Metric::name, ReferencePagesTest::labels)))
        .isEqualTo(PromisedMetrics.LABELS);
  }

  /**
   * Without the signs of lists and maps, which the library adds to some names and not to others.
   */
  private static String plain(String property) {
    return property.replace(".*", "").replace("[*]", "");
  }

  private static Set<String> labels(Metric metric) {
    Set<String> labels = new TreeSet<>(metric.labels().keySet());
    labels.remove("le");
    return labels;
  }
}
