package dev.espalier.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What would be applied: each kustomization, rendered and read by the API's own models. */
class KubernetesManifestsTest {
  private static final String BASE = "k8s/base";
  private static final String LOCAL = "k8s/overlays/local";
  private static final String PRODUCTION = "k8s/overlays/production";
  private static final Path RULES = Path.of("grafana", "prometheus", "rules", "espalier.yml");

  @ParameterizedTest
  @ValueSource(strings = {BASE, LOCAL, PRODUCTION})
  void shouldHaveOnlyFieldsOfTheApi(String directory) {
    List<HasMetadata> resources = Manifests.of(Path.of(directory)).all();

    assertThat(resources).hasSizeGreaterThan(8);
    assertThat(resources.stream().flatMap(r -> UnknownFields.of(r).stream())).isEmpty();
    assertThat(resources)
        .filteredOn(resource -> !(resource instanceof Namespace))
        .extracting(resource -> resource.getMetadata().getNamespace())
        .containsOnly("espalier");
  }

  @Test
  void shouldFindAFieldThatTheApiDoesNotHave() throws IOException {
    Namespace typo =
        new ObjectMapper()
            .readValue(
                "{\"kind\": \"Namespace\", \"metadata\": {\"lables\": {}}}", Namespace.class);

    assertThat(UnknownFields.of(typo)).containsExactly("Namespace.Metadata.lables");
  }

  @ParameterizedTest
  @ValueSource(strings = {BASE, LOCAL, PRODUCTION})
  void shouldMeetTheRestrictedProfileOfItsNamespace(String directory) {
    Manifests manifests = Manifests.of(Path.of(directory));
    PodSpec pod = pod(manifests);
    Container worker = worker(manifests);

    assertThat(manifests.one(Namespace.class).getMetadata().getLabels())
        .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(pod.getHostNetwork()).isNull();
    assertThat(pod.getHostPID()).isNull();
    assertThat(pod.getHostIPC()).isNull();
    assertThat(pod.getVolumes()).allSatisfy(KubernetesManifestsTest::assertHarmless);
    assertThat(worker.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(worker.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(worker.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(worker.getSecurityContext().getCapabilities().getAdd()).isNullOrEmpty();
    assertThat(worker.getPorts()).allSatisfy(port -> assertThat(port.getHostPort()).isNull());
  }

  @ParameterizedTest
  @ValueSource(strings = {BASE, LOCAL, PRODUCTION})
  void shouldNotTalkToKubernetesOrHoldASecret(String directory) {
    Manifests manifests = Manifests.of(Path.of(directory));

    assertThat(manifests.one(ServiceAccount.class).getAutomountServiceAccountToken()).isFalse();
    assertThat(pod(manifests).getAutomountServiceAccountToken()).isFalse();
    assertThat(manifests.of(Secret.class)).isEmpty();
    assertThat(worker(manifests).getEnv()).isNullOrEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {BASE, LOCAL, PRODUCTION})
  void shouldBeProbedOnAPortItHas(String directory) {
    Container worker = worker(Manifests.of(Path.of(directory)));

    assertThat(
            Stream.of(
                worker.getStartupProbe(), worker.getLivenessProbe(), worker.getReadinessProbe()))
        .extracting(Probe::getHttpGet)
        .allSatisfy(get -> assertThat(get.getPort().getStrVal()).isEqualTo("management"))
        .extracting(get -> get.getPath())
        .containsExactly("/q/health/started", "/q/health/live", "/q/health/ready");
    assertThat(worker.getPorts()).extracting(port -> port.getName()).contains("management");
    assertThat(worker.getResources().getRequests()).isEqualTo(worker.getResources().getLimits());
    assertThat(worker.getResources().getLimits())
        .containsOnlyKeys("cpu", "memory", "ephemeral-storage");
  }

  @ParameterizedTest
  @ValueSource(strings = {BASE, LOCAL, PRODUCTION})
  void shouldSelectTheWorkersAndCarryTheRecommendedLabels(String directory) {
    Manifests manifests = Manifests.of(Path.of(directory));
    Deployment deployment = manifests.one(Deployment.class);
    Map<String, String> labels = deployment.getSpec().getTemplate().getMetadata().getLabels();

    assertThat(manifests.all())
        .extracting(HasMetadata::getMetadata)
        .extracting(ObjectMeta::getLabels)
        .allSatisfy(
            own ->
                assertThat(own)
                    .containsKeys(
                        "app.kubernetes.io/name",
                        "app.kubernetes.io/component",
                        "app.kubernetes.io/part-of",
                        "app.kubernetes.io/version",
                        "app.kubernetes.io/managed-by"));
    assertThat(
            Stream.of(
                deployment.getSpec().getSelector().getMatchLabels(),
                manifests.one(Service.class).getSpec().getSelector(),
                manifests.one(PodDisruptionBudget.class).getSpec().getSelector().getMatchLabels()))
        .allSatisfy(selector -> assertThat(labels).containsAllEntriesOf(selector));
    assertThat(manifests.of(PodMonitor.class))
        .hasSize(directory.equals(LOCAL) ? 0 : 1)
        .allSatisfy(
            monitor ->
                assertThat(labels)
                    .containsAllEntriesOf(monitor.getSpec().getSelector().getMatchLabels()));
  }

  @ParameterizedTest
  @ValueSource(strings = {BASE, LOCAL, PRODUCTION})
  void shouldDenyWhatTheWorkersDoNotNeed(String directory) {
    List<NetworkPolicy> policies = Manifests.of(Path.of(directory)).of(NetworkPolicy.class);

    assertThat(policies)
        .filteredOn(policy -> policy.getMetadata().getName().equals("default-deny"))
        .singleElement()
        .satisfies(
            policy -> {
              assertThat(policy.getSpec().getPodSelector().getMatchLabels()).isNullOrEmpty();
              assertThat(policy.getSpec().getIngress()).isNullOrEmpty();
              assertThat(policy.getSpec().getEgress()).isNullOrEmpty();
              assertThat(policy.getSpec().getPolicyTypes()).contains("Ingress", "Egress");
            });
    assertThat(policies)
        .filteredOn(policy -> policy.getMetadata().getName().equals("espalier"))
        .singleElement()
        .satisfies(
            policy ->
                assertThat(policy.getSpec().getEgress())
                    .allSatisfy(rule -> assertThat(rule.getPorts()).isNotEmpty()));
  }

  @Test
  void shouldOpenThePagesForHoldersOfATokenAndNowhereElse() {
    Manifests production = Manifests.of(Path.of(PRODUCTION));
    Map<String, String> settings = WorkerSettings.of(production);

    assertThat(settings)
        .containsEntry("ESPALIER_PAGES_HOST", "0.0.0.0")
        .containsEntry("ESPALIER_PAGES_AUTH", "token");
    assertThat(worker(production).getVolumeMounts())
        .filteredOn(
            mount ->
                settings
                    .get("ESPALIER_PAGES_OPERATOR_TOKEN_FILE")
                    .startsWith(mount.getMountPath() + "/"))
        .hasSize(1);
    assertThat(production.one(Service.class).getSpec().getPorts())
        .extracting(port -> port.getTargetPort().getStrVal())
        .isSubsetOf(worker(production).getPorts().stream().map(port -> port.getName()).toList())
        .contains("pages");
    for (String directory : List.of(BASE, LOCAL)) {
      assertThat(WorkerSettings.of(Manifests.of(Path.of(directory))))
          .doesNotContainKey("ESPALIER_PAGES_HOST");
      assertThat(worker(Manifests.of(Path.of(directory))).getPorts()).hasSize(1);
    }
  }

  @Test
  void shouldScaleTheDeploymentByTheLagOfItsOwnGroup() {
    Manifests manifests = Manifests.of(Path.of(PRODUCTION));
    ScaledObject.Spec scaled = manifests.one(ScaledObject.class).getSpec();
    Map<String, String> settings = WorkerSettings.of(manifests);

    assertThat(scaled.scaleTargetRef().name())
        .isEqualTo(manifests.one(Deployment.class).getMetadata().getName());
    assertThat(manifests.one(Deployment.class).getSpec().getReplicas()).isNull();
    assertThat(scaled.triggers())
        .singleElement()
        .satisfies(
            trigger -> {
              assertThat(trigger.type()).isEqualTo("kafka");
              assertThat(trigger.metadata())
                  .containsEntry("consumerGroup", settings.get("ESPALIER_KAFKA_GROUP_ID"))
                  .containsEntry(
                      "bootstrapServers", settings.get("ESPALIER_KAFKA_BOOTSTRAP_SERVERS"))
                  .containsEntry("topic", "model-trained")
                  .containsKey("lagThreshold");
            });
    assertThat(scaled.advanced().horizontalPodAutoscalerConfig().behavior().scaleDown().policies())
        .singleElement()
        .satisfies(policy -> assertThat(policy.value()).isEqualTo(1));
  }

  @Test
  void shouldHaveTheRulesOfTheFileForPrometheusAlone() throws IOException {
    PrometheusRule rule = Manifests.of(Path.of(BASE)).one(PrometheusRule.class);
    ObjectMapper json = new ObjectMapper();

    JsonNode groups = json.valueToTree(rule.getSpec().getGroups());

    assertThat(groups).isEqualTo(new YAMLMapper().readTree(RULES.toFile()).path("groups"));
  }

  private static void assertHarmless(Volume volume) {
    Set<Boolean> kinds =
        Set.of(
            volume.getEmptyDir() != null
                || volume.getConfigMap() != null
                || volume.getSecret() != null);
    assertThat(kinds).as(volume.getName()).containsExactly(true);
  }

  private static PodSpec pod(Manifests manifests) {
    return manifests.one(Deployment.class).getSpec().getTemplate().getSpec();
  }

  private static Container worker(Manifests manifests) {
    assertThat(pod(manifests).getContainers()).hasSize(1);
    return pod(manifests).getContainers().get(0);
  }
}
