package dev.espalier.engine.scope;

import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.Weights;
import dev.espalier.engine.mask.EqualScores;
import dev.espalier.engine.mask.LayerRules;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.mask.Removal;
import dev.espalier.engine.mask.ScoredLayer;
import dev.espalier.engine.mask.Units;
import dev.espalier.engine.score.Criterion;
import dev.espalier.engine.score.Evidence;
import dev.espalier.engine.score.Need;
import dev.espalier.engine.score.Scores;
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
 * Single weights, or blocks and patterns of them: those of the kernels of the layers that a policy
 * does not exclude.
 */
final class WeightScope implements PruningScope {
  private final Map<String, List<String>> tensorsByLayer;
  private final Map<String, Weights> original;
  private final Map<String, Long> dimensions;
  private final LayerRules rules;
  private final Units units;
  private final Policy policy;

  private WeightScope(
      Map<String, List<String>> tensorsByLayer,
      Map<String, Weights> original,
      Map<String, Long> dimensions,
      LayerRules rules,
      Units units,
      Policy policy) {
    this.tensorsByLayer = tensorsByLayer;
    this.original = original;
    this.dimensions = dimensions;
    this.rules = rules;
    this.units = units;
    this.policy = policy;
  }

  /**
   * The scope of {@code policy} in {@code graph}.
   *
   * @throws Refusal {@code nothing-to-prune} when it is empty, {@code policy-invalid} when an
   *     expression does not compile, {@code operator-unsupported} when the granularity needs axes
   *     of a kernel that its uses do not agree on
   */
  static WeightScope of(Graph graph, Policy policy) {
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
    return new WeightScope(byLayer, tensors, dimensions, rules, units, policy);
  }

  @Override
  public Set<String> tensors() {
    return Collections.unmodifiableSet(original.keySet());
  }

  @Override
  public List<String> leftAlone() {
    return units.leftAlone();
  }

  @Override
  public Set<String> scored() {
    return tensors();
  }

  @Override
  public Need need(Policy.Criterion name) {
    return criterion(name).need();
  }

  private Criterion criterion(Policy.Criterion name) {
    return Criterion.of(name, policy);
  }

  @Override
  public String unit() {
    return "weights";
  }

  @Override
  public Map<String, PruningScope> parts() {
    Map<String, PruningScope> parts = new LinkedHashMap<>();
    tensorsByLayer.forEach(
        (layer, tensors) -> {
          Map<String, Weights> own = new LinkedHashMap<>(original);
          own.keySet().retainAll(tensors);
          parts.put(
              layer,
              new WeightScope(Map.of(layer, tensors), own, dimensions, rules, units, policy));
        });
    return parts;
  }

  @Override
  public long size() {
    return original.values().stream().mapToLong(Weights::size).sum();
  }

  @Override
  public long mostRemoved() {
    Removal removal = units.removal();
    Map<String, Mask> masks = initialMasks();
    return layers(masks, tensor -> new EqualScores(masks.get(tensor).size())).stream()
        .mapToLong(removal::mostRemoved)
        .sum();
  }

  @Override
  public Weights weights(String name, Tensor tensor) {
    Weights known = original.get(name);
    if (known == null) {
      throw new IllegalArgumentException("'" + name + "' is not in scope");
    }
    return known.over(tensor);
  }

  @Override
  public long removed(Map<String, Mask> masks, Map<String, Tensor> version) {
    long nonZero = 0;
    for (String name : original.keySet()) {
      nonZero += weights(name, version.get(name)).nonZero();
    }
    return size() - nonZero;
  }

  @Override
  public Map<String, Mask> initialMasks() {
    Map<String, Mask> masks = new LinkedHashMap<>();
    original.forEach((name, weights) -> masks.put(name, Mask.ofNonZero(weights)));
    return masks;
  }

  @Override
  public Map<String, Mask> remove(
      Map<String, Mask> masks,
      Map<String, Tensor> weights,
      Policy.Criterion name,
      Map<String, Evidence> evidence,
      Policy.Scope selection,
      long total) {
    Criterion criterion = criterion(name);
    Map<String, Mask> copies = new LinkedHashMap<>();
    Map<String, Scores> scores = new HashMap<>();
    for (String tensor : tensorsByLayer.values().stream().flatMap(List::stream).toList()) {
      Tensor current = weights.get(tensor);
      scores.put(
          tensor, criterion.score(copies.size(), weights(tensor, current), evidence.get(tensor)));
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

  /** Zeros stay where they are: no runtime is faster without them. */
  @Override
  public Graph without(Map<String, Mask> masks, Graph full) {
    return full;
  }
}
