package dev.espalier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An overlay of a user's own, with the component for traces on top of production. */
class TracingComponentTest {
  @Test
  void shouldLetTheWorkersReachTheCollectorThatTheyAreTold(@TempDir Path overlay)
      throws IOException {
    Manifests manifests = Manifests.of(kustomization(overlay));
    Map<String, String> settings = WorkerSettings.of(manifests);
    URI collector = URI.create(settings.get("OTEL_EXPORTER_OTLP_ENDPOINT"));
    String namespace = collector.getHost().split("\\.")[1];

    assertThat(manifests.all().stream().flatMap(r -> UnknownFields.of(r).stream())).isEmpty();
    assertThat(settings).containsKey("ESPALIER_KAFKA_BOOTSTRAP_SERVERS");
    assertThat(manifests.of(NetworkPolicy.class))
        .filteredOn(policy -> policy.getMetadata().getName().equals("espalier-traces"))
        .singleElement()
        .satisfies(
            policy -> {
              assertThat(policy.getMetadata().getNamespace()).isEqualTo("espalier");
              assertThat(policy.getSpec().getIngress()).isNullOrEmpty();
              assertThat(podLabels(manifests))
                  .containsAllEntriesOf(policy.getSpec().getPodSelector().getMatchLabels());
              assertThat(policy.getSpec().getEgress())
                  .singleElement()
                  .satisfies(
                      rule -> {
                        assertThat(rule.getTo().get(0).getNamespaceSelector().getMatchLabels())
                            .containsValue(namespace);
                        assertThat(rule.getPorts())
                            .extracting(port -> port.getPort())
                            .containsExactly(new IntOrString(collector.getPort()));
                      });
            });
  }

  private static Map<String, String> podLabels(Manifests manifests) {
    return manifests.one(Deployment.class).getSpec().getTemplate().getMetadata().getLabels();
  }

  private static Path kustomization(Path overlay) throws IOException {
    Path directory = overlay.toRealPath();
    Path manifests = directory.relativize(Path.of("k8s").toRealPath());
    Files.writeString(
        directory.resolve("kustomization.yaml"),
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        namespace: espalier
        resources: [%1$s/overlays/production]
        components: [%1$s/components/tracing]
        """
            .formatted(manifests));
    return directory;
  }
}
