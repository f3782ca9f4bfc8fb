package dev.espalier.ops;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Kubernetes manifests, as {@code kubectl kustomize} renders them, in their typed models. */
final class Manifests {
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.ofEntries(
          Map.entry("v1/Namespace", Namespace.class),
          Map.entry("v1/ConfigMap", ConfigMap.class),
          Map.entry("v1/Secret", Secret.class),
          Map.entry("v1/Service", Service.class),
          Map.entry("v1/ServiceAccount", ServiceAccount.class),
          Map.entry("apps/v1/Deployment", Deployment.class),
          Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
          Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("monitoring.coreos.com/v1/PodMonitor", PodMonitor.class),
          Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class),
          Map.entry("keda.sh/v1alpha1/ScaledObject", ScaledObject.class));

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final List<HasMetadata> resources = new ArrayList<>();

  private Manifests() {}

  /** Renders a directory; tools that are not there skip the test. */
  static Manifests of(Path kustomization) {
    Manifests manifests = new Manifests();
    YAMLFactory yaml = new YAMLFactory();
    String rendered = Tool.KUBECTL.run("kustomize", kustomization.toString());
    try (var parser = yaml.createParser(rendered)) {
      ObjectMapper reader = new ObjectMapper(yaml);
      reader
          .readValues(parser, JsonNode.class)
          .forEachRemaining(document -> manifests.resources.add(typed(document)));
    } catch (IOException e) {
      throw new AssertionError(kustomization + " renders to what is not YAML", e);
    }
    return manifests;
  }

  private static HasMetadata typed(JsonNode document) {
    String kind = document.path("apiVersion").asText() + "/" + document.path("kind").asText();
    Class<? extends HasMetadata> type = KINDS.get(kind);
    if (type == null) {
      throw new AssertionError("no typed model of " + kind);
    }
    try {
      return JSON.treeToValue(document, type);
    } catch (IOException e) {
      throw new AssertionError(kind + " is not as the API has it", e);
    }
  }

  /** Every resource. */
  List<HasMetadata> all() {
    return List.copyOf(resources);
  }

  /** The resources of a kind. */
  <T> List<T> of(Class<T> type) {
    return resources.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The one resource of a kind. */
  <T> T one(Class<T> type) {
    List<T> found = of(type);
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " of " + type.getSimpleName());
    }
    return found.get(0);
  }
}
