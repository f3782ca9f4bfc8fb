package dev.espalier.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Environment variables that a deployment gives its workers. */
final class WorkerSettings {
  private WorkerSettings() {}

  /** Those of rendered manifests. */
  static Map<String, String> of(Manifests manifests) {
    List<ConfigMap> maps =
        manifests.of(ConfigMap.class).stream()
            .filter(map -> map.getMetadata().getName().startsWith("espalier-worker-"))
            .toList();
    if (maps.size() != 1) {
      throw new AssertionError(maps.size() + " maps of settings");
    }
    return maps.get(0).getData();
  }

  /** Those of {@code docker-compose.yml}. */
  static Map<String, String> ofCompose() throws IOException {
    Map<String, String> environment = new HashMap<>();
    JsonNode compose = new YAMLMapper().readTree(Path.of("docker-compose.yml").toFile());
    compose
        .at("/services/worker/environment")
        .properties()
        .forEach(e -> environment.put(e.getKey(), e.getValue().asText()));
    return environment;
  }
}
