package dev.espalier.worker.job;

import dev.espalier.contract.Granularity;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Sha256;
import java.util.List;
import java.util.Optional;

/**
 * The content of {@code models/<name>/last-accepted.json}.
 *
 * @param job whose result it is
 * @param source where the record of its event was read
 * @param policy digest of the policy it was pruned by
 * @param granularity of that policy: sparsities of another are not comparable
 * @param sparsity of the prunable units, in [0, 1]
 * @param model address of the pruned model, whose zeros are the mask
 * @param layers sparsity of each pruned tensor; empty where the result had no room for them
 */
record LastAccepted(
    String job,
    ModelResult.Coordinates source,
    Sha256 policy,
    Granularity granularity,
    double sparsity,
    String model,
    List<PrunedTensor> layers) {
  /** Copies the list. */
  LastAccepted {
    layers = List.copyOf(layers);
  }

  /** A tensor that was pruned, by its name in the file. */
  record PrunedTensor(String name, double sparsity) {}

  /** What an accepted result says; empty when it lacks a part, as no accepted one does. */
  static Optional<LastAccepted> of(ModelResult result) {
    ModelResult.Coordinates source = result.job().source();
    ModelResult.Output output = result.output();
    ModelResult.EffectivePolicy policy = result.policy();
    Double sparsity = result.result().sparsity();
    List<ModelResult.Layer> layers = result.result().layers();
    if (source == null || output == null || policy == null || sparsity == null) {
      return Optional.empty();
    }
    return Optional.of(
        new LastAccepted(
            result.job().id(),
            source,
            policy.digest(),
            policy.values().granularity(),
            sparsity,
            output.uri(),
            layers == null
                ? List.of()
                : layers.stream()
                    .filter(layer -> layer.changed() == ModelResult.Layer.Changed.PRUNED)
                    .map(layer -> new PrunedTensor(layer.name(), layer.sparsity()))
                    .toList()));
  }

  /**
   * Whether the event of {@code other} came after this one's. Records of different partitions, as
   * they are after a topic was made anew or got more partitions, have no order: none is before.
   */
  boolean isBefore(LastAccepted other) {
    return source.topic().equals(other.source().topic())
        && source.partition() == other.source().partition()
        && source.offset() < other.source().offset();
  }
}
