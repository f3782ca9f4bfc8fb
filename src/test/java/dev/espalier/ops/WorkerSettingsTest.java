package dev.espalier.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.espalier.worker.config.WorkerConfig;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SysPropConfigSource;
import io.smallrye.config.common.utils.StringUtil;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the deployments set must be what the worker reads. */
class WorkerSettingsTest {
  private static final String OURS = "ESPALIER_";
  private static final List<String> KUSTOMIZATIONS =
      List.of("k8s/base", "k8s/overlays/local", "k8s/overlays/production");

  static List<Arguments> deployments() throws IOException {
    List<Arguments> all =
        new ArrayList<>(List.of(argumentSet("compose", WorkerSettings.ofCompose())));
    for (String directory : KUSTOMIZATIONS) {
      all.add(argumentSet(directory, WorkerSettings.of(Manifests.of(Path.of(directory)))));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void shouldBeReadByTheWorkerWhenSet(Map<String, String> environment) {
    assertThat(ours(environment.keySet())).isNotEmpty().isSubsetOf(known());
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void shouldBeAcceptedAndCompleteWhenTheWorkerStarts(Map<String, String> environment) {
    WorkerConfig config = config(environment);

    assertThat(config.store().allowedBuckets()).containsExactly("models", "datasets");
    assertThat(config.engine().heap().asLongValue())
        .isLessThan(config.engine().memory().asLongValue());
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void shouldNameItWhenARequiredSettingIsLeftOut(Map<String, String> environment) {
    Map<String, String> incomplete = new HashMap<>(environment);
    incomplete.remove("ESPALIER_STORE_ENDPOINT");

    assertThatThrownBy(() -> config(incomplete)).hasMessageContaining("espalier.store.endpoint");
  }

  @ParameterizedTest
  @FieldSource("KUSTOMIZATIONS")
  void shouldAllowWorkerAndEnginesAndAMarginWhenThePodIsLimited(String directory) {
    Manifests manifests = Manifests.of(Path.of(directory));
    WorkerConfig config = config(WorkerSettings.of(manifests));
    WorkerConfig.Engine engine = config.engine();
    long worker = 512L << 20;
    long planned =
        Math.round((worker + engine.slots() * engine.memory().asLongValue()) * 1.15 / (1 << 20));
    PodSpec pod = manifests.one(Deployment.class).getSpec().getTemplate().getSpec();
    Map<String, Quantity> limits = pod.getContainers().get(0).getResources().getLimits();
    BigDecimal scratch =
        BigDecimal.valueOf(engine.slots() * config.limits().scratchBytes().asLongValue());
    BigDecimal work =
        pod.getVolumes().stream()
            .filter(volume -> volume.getName().equals("work"))
            .map(volume -> volume.getEmptyDir().getSizeLimit().getNumericalAmount())
            .findFirst()
            .orElseThrow();

    assertThat(limits.get("memory")).isEqualTo(Quantity.parse(planned + "Mi"));
    assertThat(limits.get("cpu").getNumericalAmount())
        .isEqualByComparingTo(BigDecimal.valueOf(engine.slots() * engine.threads() + 1));
    assertThat(work).isGreaterThanOrEqualTo(scratch.add(BigDecimal.valueOf(1L << 30)));
    assertThat(limits.get("ephemeral-storage").getNumericalAmount()).isGreaterThan(work);
  }

  @Test
  void shouldStandInTheImageWhenItIsAnEnvironmentVariable() throws IOException {
    Set<String> image =
        Pattern.compile("\\b" + OURS + "\\w+")
            .matcher(Files.readString(Path.of("src", "main", "docker", "Dockerfile")))
            .results()
            .map(m -> m.group())
            .collect(Collectors.toSet());

    assertThat(image).isNotEmpty().isSubsetOf(known());
  }

  @Test
  void shouldExistWhenTheReadmeNamesIt() throws IOException {
    Set<String> named =
        Pattern.compile("`(espalier\\.[a-z.-]+[a-z])")
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .map(m -> m.group(1))
            .collect(Collectors.toSet());

    assertThat(named).isNotEmpty().allSatisfy(n -> assertThat(properties()).anyMatch(withKey(n)));
  }

  @Test
  void shouldReachTheKafkaClientWhenItsNameHasDots() throws IOException {
    Map<String, String> environment = new HashMap<>(WorkerSettings.ofCompose());
    environment.put("ESPALIER_KAFKA_PROPERTIES__SECURITY_PROTOCOL_", "SASL_SSL");
    environment.put("ESPALIER_KAFKA_PROPERTIES__SASL_JAAS_CONFIG_", "login required;");

    assertThat(config(environment).kafka().properties())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.jaas.config", "login required;");
  }

  /** A property itself, or a list or map of that name. */
  private static Predicate<String> withKey(String name) {
    return property ->
        property.equals(name) || property.replaceAll("\\[\\*]|\\.\\*", "").equals(name);
  }

  private static WorkerConfig config(Map<String, String> environment) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withSources(new EnvConfigSource(environment, 300), new SysPropConfigSource())
        .withMapping(WorkerConfig.class)
        .build()
        .getConfigMapping(WorkerConfig.class);
  }

  private static Set<String> ours(Set<String> variables) {
    // An index stands for any.
    return variables.stream()
        .filter(v -> v.startsWith(OURS))
        .map(v -> v.replaceAll("_\\d+_", "___"))
        .collect(Collectors.toSet());
  }

  private static Set<String> known() {
    return properties().stream()
        .map(p -> StringUtil.replaceNonAlphanumericByUnderscores(p).toUpperCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  private static Set<String> properties() {
    return ConfigClass.configClass(WorkerConfig.class).getProperties().keySet();
  }
}
