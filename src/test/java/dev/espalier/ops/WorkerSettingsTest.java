package dev.espalier.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.espalier.worker.config.WorkerConfig;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SysPropConfigSource;
import io.smallrye.config.common.utils.StringUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the deployments set must be what the worker reads. */
class WorkerSettingsTest {
  private static final String OURS = "ESPALIER_";
  private static final Path BASE = Path.of("k8s", "base");

  static List<Arguments> deployments() throws IOException {
    return List.of(argumentSet("compose", compose()), argumentSet("kubernetes", kubernetes()));
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

  @Test
  void shouldAllowWorkerAndEnginesAndAMarginWhenThePodIsLimited() throws IOException {
    WorkerConfig.Engine engine = config(kubernetes()).engine();
    long worker = 512L << 20;
    long planned =
        Math.round((worker + engine.slots() * engine.memory().asLongValue()) * 1.15 / (1 << 20));

    JsonNode resources = container().path("resources");

    assertThat(resources.at("/limits/memory").asText()).isEqualTo(planned + "Mi");
    assertThat(resources.at("/limits/cpu").asInt())
        .isEqualTo(engine.slots() * engine.threads() + 1);
    assertThat(resources.path("requests")).isEqualTo(resources.path("limits"));
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
  void shouldBeInTheReadmeWhenItIsNotForTestsOnly() throws IOException {
    Set<String> documented =
        Pattern.compile("^\\| `(espalier\\.[^`]+)` \\|", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .map(m -> m.group(1))
            .collect(Collectors.toSet());
    Set<String> all = new HashSet<>(properties());
    all.remove("espalier.fault-point");
    all.removeIf(property -> property.endsWith("[*]"));

    assertThat(documented).isEqualTo(all);
  }

  private static Map<String, String> compose() throws IOException {
    Map<String, String> environment = new HashMap<>();
    yaml(Path.of("docker-compose.yml"))
        .at("/services/worker/environment")
        .properties()
        .forEach(e -> environment.put(e.getKey(), e.getValue().asText()));
    return environment;
  }

  private static Map<String, String> kubernetes() throws IOException {
    try (Stream<String> lines = Files.lines(BASE.resolve("worker.env"))) {
      return lines
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("=", 2))
          .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }
  }

  private static JsonNode container() throws IOException {
    return yaml(BASE.resolve("deployment.yaml")).at("/spec/template/spec/containers/0");
  }

  private static JsonNode yaml(Path file) throws IOException {
    return new YAMLMapper().readTree(file.toFile());
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
    return variables.stream().filter(v -> v.startsWith(OURS)).collect(Collectors.toSet());
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
