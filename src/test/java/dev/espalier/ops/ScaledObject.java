package dev.espalier.ops;

import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;

/**
 * What we use of KEDA's {@code ScaledObject}
 * (https://keda.sh/docs/2.18/reference/scaledobject-spec/ and .../scalers/apache-kafka/), strictly:
 * its models are in no library.
 */
@JsonDeserialize(using = JsonDeserializer.None.class)
final class ScaledObject implements HasMetadata {
  private ObjectMeta metadata = new ObjectMeta();
  private String kind = "ScaledObject";
  private String apiVersion = "keda.sh/v1alpha1";
  private Spec spec;

  /** What is scaled, between which bounds and by what. */
  record Spec(
      Target scaleTargetRef,
      int minReplicaCount,
      int maxReplicaCount,
      int pollingInterval,
      Advanced advanced,
      List<Trigger> triggers) {}

  record Target(String name) {}

  record Advanced(AutoscalerConfig horizontalPodAutoscalerConfig) {}

  record AutoscalerConfig(Behavior behavior) {}

  record Behavior(Rules scaleUp, Rules scaleDown) {}

  record Rules(int stabilizationWindowSeconds, List<Policy> policies) {}

  record Policy(String type, int value, int periodSeconds) {}

  record Trigger(String type, Map<String, String> metadata) {}

  public Spec getSpec() {
    return spec;
  }

  public void setSpec(Spec spec) {
    this.spec = spec;
  }

  @Override
  public ObjectMeta getMetadata() {
    return metadata;
  }

  @Override
  public void setMetadata(ObjectMeta metadata) {
    this.metadata = metadata;
  }

  @Override
  public String getKind() {
    return kind;
  }

  public void setKind(String kind) {
    this.kind = kind;
  }

  @Override
  public String getApiVersion() {
    return apiVersion;
  }

  @Override
  public void setApiVersion(String version) {
    this.apiVersion = version;
  }
}
