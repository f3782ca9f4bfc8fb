package dev.espalier.engine.mask;

import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.Weights;
import dev.espalier.engine.score.Criterion;
import dev.espalier.engine.score.Scores;
import dev.espalier.engine.score.Sensitivity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * The weights a policy may remove from a model: the kernels of the layers it does not exclude.
 * Sparsity, targets and counts are over these.
 */
public final class PruningScope {
  private final Map<String, List<String>> tensorsByLayer;
  private final Map<String, Weights> original;
  private final Map<String, Long> dimensions;
  private final LayerRules rules;
  private final Units units;

  private PruningScope(
      Map<String, List<String>> tensorsByLayer,
      Map<String, Weights> original,
      Map<String, Long> dimensions,
      LayerRules rules,
      Units units) {
    this.tensorsByLayer = tensorsByLayer;
    this.original = original;
    this.dimensions = dimensions;
    this.rules = rules;
    this.units = units;
  }

  /**
   * The scope of {@code policy} in {@code graph}.
   *
   * @throws Refusal {@code nothing-to-prune} when it is empty, {@code policy-invalid} when an
   *     expression does not compile, {@code operator-unsupported} when the granularity needs axes
   *     of a kernel that its uses do not agree on
   */
  public static PruningScope of(Graph graph, Policy policy) {
    LayerRules rules = new LayerRules(policy);
    Units units = new Units(graph, policy.granularity());
    Map<String, List<String>> byLayer = new LinkedHashMap<>();
    Map<String, Weights> tensors = new LinkedHashMap<>();
    Map<String, Long> dimensions = new HashMap<>();
    for (Parameter parameter : graph.prunable()) {
      Weights weights = graph.weights(parameter);
      boolean eligible = weights.size() > 0 && !rules.excludes(parameter.layer());
      if (eligible && units.add(parameter) && tensors.put(parameter.tensor(), weights) == null) {
        byLayer.computeIfAbsent(parameter.layer(), l -> new ArrayList<>()).add(parameter.tensor());
        dimensions.put(parameter.tensor(), LongStream.of(graph.tensor(parameter).shape()).sum());
      }
    }
    if (tensors.isEmpty()) {
      throw new Refusal(
          ReasonCode.NOTHING_TO_PRUNE,
          graph.prunable().isEmpty()
              ? "no operator has constant weights that can be removed; those of graphs inside If, Loop"
                  + " and Scan are left alone"
              : "the model has %d prunable tensors, of which exclude%s leaves none; relax it"
                  .formatted(
                      graph.prunable().size(),
                      units.leftAlone().isEmpty() ? "" : " and the granularity"));
    }
    return new PruningScope(byLayer, tensors, dimensions, rules, units);
  }

  /** Tensors that the granularity cannot be applied to, each with the reason. */
  public List<String> leftAlone() {
    return units.leftAlone();
  }

  /** The tensors' names, layer by layer. */
  public Set<String> tensors() {
    return Collections.unmodifiableSet(original.keySet());
  }

  /** Number of weights. */
  public long size() {
    return original.values().stream().mapToLong(Weights::size).sum();
  }

  /**
   * Most weights that granularity, {@code minimum-kept} and overrides let go, those zero already
   * included.
   */
  public long mostRemoved() {
    Removal removal = units.removal();
    Map<String, Mask> masks = initialMasks();
    return layers(masks, tensor -> new EqualScores(masks.get(tensor).size())).stream()
        .mapToLong(removal::mostRemoved)
        .sum();
  }

  /** What the elements of {@code tensor}, a version of the one called {@code name}, stand for. */
  public Weights weights(String name, Tensor tensor) {
    Weights known = original.get(name);
    if (known == null) {
      throw new IllegalArgumentException("'" + name + "' is not in scope");
    }
    return known.over(tensor);
  }

  /** How many of the weights are zero in a version of the model, given by tensor name. */
  public long zeros(Map<String, Tensor> version) {
    long nonZero = 0;
    for (String name : original.keySet()) {
      nonZero += weights(name, version.get(name)).nonZero();
    }
    return size() - nonZero;
  }

  /** Masks that keep what is not zero in the model as it came: what is gone stays gone. */
  public Map<String, Mask> initialMasks() {
    Map<String, Mask> masks = new LinkedHashMap<>();
    original.forEach((name, weights) -> masks.put(name, Mask.ofNonZero(weights)));
    return masks;
  }

  /**
   * Scores the weights and removes the lowest until {@code total} are gone.
   *
   * @param masks by tensor name; copied, not changed
   * @param weights current values by tensor name, those of the scope among them
   * @param gradients of the loss at those values, by tensor name; may be empty where the criterion
   *     needs none
   * @param selection where scores are compared
   * @param total weights gone afterwards, in [0, {@link #size()}]; fewer where the criterion has
   *     too few candidates
   * @return the new masks
   * @throws Refusal {@code policy-invalid} when caps or an emptied layer stand against it
   */
  public Map<String, Mask> remove(
      Map<String, Mask> masks,
      Map<String, Tensor> weights,
      Criterion criterion,
      Map<String, Tensor> gradients,
      Policy.Scope selection,
      long total) {
    Map<String, Mask> copies = new LinkedHashMap<>();
    Map<String, Scores> scores = new HashMap<>();
    for (String tensor : tensorsByLayer.values().stream().flatMap(List::stream).toList()) {
      Tensor current = weights.get(tensor);
      Tensor gradient = gradients.get(tensor);
      scores.put(
          tensor,
          criterion.score(
              copies.size(),
              weights(tensor, current),
              gradient == null ? null : new Sensitivity(current, gradient)));
      copies.put(tensor, masks.get(tensor).copy());
    }
    units.removal().removeUntil(layers(copies, scores::get), selection, total);
    return copies;
  }

  private List<ScoredLayer> layers(Map<String, Mask> masks, Function<String, Scores> scores) {
    List<ScoredLayer> layers = new ArrayList<>();
    tensorsByLayer.forEach(
        (layer, tensors) -> {
          List<ScoredLayer.Part> parts = new ArrayList<>();
          long size = 0;
          long sides = 0;
          for (String tensor : tensors) {
            parts.add(new ScoredLayer.Part(tensor, scores.apply(tensor), masks.get(tensor)));
            size += masks.get(tensor).size();
            sides += dimensions.get(tensor);
          }
          layers.add(new ScoredLayer(layer, parts, sides, rules.mostRemoved(layer, size)));
        });
    return layers;
  }
}
