package dev.espalier.engine.scope;

import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.graph.Weights;
import dev.espalier.engine.mask.Candidates;
import dev.espalier.engine.mask.Layer;
import dev.espalier.engine.mask.LayerRules;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.mask.Selection;
import dev.espalier.engine.score.ChannelCriterion;
import dev.espalier.engine.score.Channels;
import dev.espalier.engine.score.Evidence;
import dev.espalier.engine.score.Need;
import dev.espalier.engine.surgery.ChannelGroup;
import dev.espalier.engine.surgery.ChannelGroups;
import dev.espalier.engine.surgery.ChannelMap;
import dev.espalier.engine.surgery.ChannelMasks;
import dev.espalier.engine.surgery.Coupling;
import dev.espalier.engine.surgery.FilterRemoval;
import dev.espalier.engine.surgery.RemovalProof;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Channels: filters of convolutions and neurons of dense layers, with everything that is coupled to
 * them. On the way they are masked: whatever writes or scales them is zero, and shapes stay. In
 * what users get they are gone.
 */
final class FilterScope implements PruningScope {
  /** Reasons named in a refusal, so that its end is not cut off. */
  private static final int SHOWN = 3;

  private final Graph graph;
  private final ChannelGroups groups;
  private final GroupChannels channels;
  private final Map<String, Parameter> parameters;
  private final LayerRules rules;
  private final Policy policy;
  private final List<ValueInfo> sizes;
  private final RemovalProof proof;

  private FilterScope(
      Graph graph,
      ChannelGroups groups,
      LayerRules rules,
      Policy policy,
      List<ValueInfo> sizes,
      RemovalProof proof) {
    this.graph = graph;
    this.groups = groups;
    this.channels = new GroupChannels(graph);
    this.parameters = PrunableGroups.parameters(graph);
    this.rules = rules;
    this.policy = policy;
    this.sizes = sizes;
    this.proof = proof;
  }

  /**
   * The scope of {@code policy} among the groups of {@code graph}.
   *
   * @param sized the same graph with the sizes of its inputs where they are known
   * @param proof of every removal
   * @throws Refusal {@code nothing-to-prune} when it is empty
   */
  static FilterScope of(
      Graph graph, ChannelGroups prunable, Policy policy, Graph sized, RemovalProof proof) {
    LayerRules rules = new LayerRules(policy);
    ChannelGroups allowed = PrunableGroups.allowedBy(rules, prunable, graph);
    FilterScope scope = new FilterScope(graph, allowed, rules, policy, sized.inputs(), proof);
    if (allowed.groups().isEmpty()) {
      throw new Refusal(
          ReasonCode.NOTHING_TO_PRUNE,
          "no filters or neurons can be removed: %s; prune single weights (granularity: weight)"
              .formatted(
                  allowed.obstacles().isEmpty()
                      ? "only outputs of the model are left"
                      : scope.leftAlone().stream().limit(SHOWN).collect(Collectors.joining("; "))));
    }
    return scope;
  }

  @Override
  public void requireUseOf(Policy.Criterion name) {
    ChannelCriterion criterion = criterion(name);
    Map<String, Mask> kept = kept(initialMasks());
    if (groups.groups().stream().noneMatch(g -> criterion.applies(view(g, kept, Map.of())))) {
      throw new Refusal(
          ReasonCode.NOTHING_TO_PRUNE,
          "the criterion '%s' finds nothing to look at in any group of channels; use filter-l2"
              .formatted(name.wire()));
    }
  }

  private ChannelCriterion criterion(Policy.Criterion name) {
    return ChannelCriterion.of(name, policy.seed());
  }

  private Channels view(ChannelGroup group, Map<String, Mask> kept, Map<String, Tensor> weights) {
    return channels.of(group, kept.get(group.name()), weights, Map.of());
  }

  @Override
  public Set<String> tensors() {
    return coupled(true);
  }

  @Override
  public List<String> leftAlone() {
    return groups.obstacles().entrySet().stream()
        .map(reason -> reason.getKey() + ": " + reason.getValue())
        .toList();
  }

  @Override
  public Set<String> scored() {
    return coupled(false).stream()
        .filter(name -> graph.initializers().get(name).type() == DataType.FLOAT)
        .collect(Collectors.toSet());
  }

  private Set<String> coupled(boolean masked) {
    return groups.groups().stream()
        .flatMap(group -> group.couplings().stream())
        .filter(c -> masked ? c.kind().isMasked() : c.kind() != Coupling.Kind.STATISTIC)
        .map(Coupling::tensor)
        .filter(parameters::containsKey)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  @Override
  public Need need(Policy.Criterion name) {
    return criterion(name).need();
  }

  @Override
  public String unit() {
    return "channels";
  }

  @Override
  public Map<String, PruningScope> parts() {
    Map<String, PruningScope> parts = new LinkedHashMap<>();
    for (ChannelGroup group : groups.groups()) {
      ChannelGroups alone = new ChannelGroups(List.of(group), Map.of(), groups.adjustments());
      parts.put(group.name(), new FilterScope(graph, alone, rules, policy, sizes, proof));
    }
    return parts;
  }

  @Override
  public long size() {
    return groups.groups().stream().mapToLong(ChannelGroup::channels).sum();
  }

  @Override
  public long rounding() {
    return policy.roundTo() - 1L;
  }

  @Override
  public long mostRemoved() {
    return groups.groups().stream().mapToLong(this::mostRemoved).sum();
  }

  private long mostRemoved(ChannelGroup group) {
    Set<String> layers = PrunableGroups.layers(group, parameters);
    return rules.mostRemoved(layers, group.channels(), policy.roundTo());
  }

  @Override
  public Weights weights(String name, Tensor tensor) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("'" + name + "' is not in scope");
    }
    return graph.weights(parameter).over(tensor);
  }

  @Override
  public long removed(Map<String, Mask> masks, Map<String, Tensor> version) {
    return kept(masks).values().stream().mapToLong(mask -> mask.size() - mask.keptCount()).sum();
  }

  @Override
  public Map<String, Mask> initialMasks() {
    Map<String, Mask> nonZero = new LinkedHashMap<>();
    tensors()
        .forEach(
            name ->
                nonZero.put(name, Mask.ofNonZero(weights(name, graph.initializers().get(name)))));
    return ChannelMasks.of(graph, groups, kept(nonZero));
  }

  @Override
  public Map<String, Mask> remove(
      Map<String, Mask> masks,
      Map<String, Tensor> weights,
      Policy.Criterion name,
      Map<String, Evidence> evidence,
      Policy.Scope selection,
      long total) {
    ChannelCriterion criterion = criterion(name);
    Map<String, Mask> kept = kept(masks);
    List<Layer> layers = new ArrayList<>();
    for (ChannelGroup group : groups.groups()) {
      Mask mask = kept.get(group.name());
      Channels view = channels.of(group, mask.copy(), weights, evidence);
      layers.add(
          new Layer(
              group.name(),
              List.of(new Candidates(criterion.score(layers.size(), view), mask)),
              group.channels(),
              mostRemoved(group)));
    }
    Selection.of(selection, layers).inMultiplesOf(policy.roundTo()).removeUntil(layers, total);
    return ChannelMasks.of(graph, groups, kept);
  }

  /** Masks over the channels of each group: those of which anything is kept stay. */
  private Map<String, Mask> kept(Map<String, Mask> masks) {
    Map<String, Mask> kept = new LinkedHashMap<>();
    for (ChannelGroup group : groups.groups()) {
      boolean[] alive = new boolean[group.channels()];
      for (Coupling coupling : group.couplings()) {
        Mask mask = coupling.kind().isMasked() ? masks.get(coupling.tensor()) : null;
        if (mask != null) {
          markAlive(alive, coupling, mask);
        }
      }
      Mask channels = Mask.keepAll(alive.length);
      for (int c = 0; c < alive.length; c++) {
        if (!alive[c]) {
          channels.remove(c);
        }
      }
      kept.put(group.name(), channels);
    }
    return kept;
  }

  private void markAlive(boolean[] alive, Coupling coupling, Mask mask) {
    ChannelMap map = coupling.map();
    Tensor tensor = graph.initializers().get(coupling.tensor());
    int inner = 1;
    for (int axis = coupling.axis() + 1; axis < tensor.rank(); axis++) {
      inner *= Math.toIntExact(tensor.dimension(axis));
    }
    for (int i = 0; i < mask.size(); i++) {
      int channel = map.channel(i / inner % map.size());
      if (channel != ChannelMap.NONE && mask.kept(i)) {
        alive[channel] = true;
      }
    }
  }

  @Override
  public Graph without(Map<String, Mask> masks, Graph full) {
    Map<String, Mask> kept = kept(masks);
    boolean whole = kept.values().stream().allMatch(mask -> mask.keptCount() == mask.size());
    if (whole) {
      return full;
    }
    Graph removed =
        withInputs(full.inputs(), FilterRemoval.remove(withInputs(sizes, full), groups, kept));
    proof.require(full, removed);
    return removed;
  }

  private static Graph withInputs(List<ValueInfo> inputs, Graph graph) {
    return new Graph(
        graph.opset(),
        inputs,
        graph.outputs(),
        graph.nodes(),
        graph.initializers(),
        graph.parameters());
  }
}
