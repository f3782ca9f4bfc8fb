package dev.espalier.engine.scope;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.mask.LayerRules;
import dev.espalier.engine.surgery.ChannelGroup;
import dev.espalier.engine.surgery.ChannelGroups;
import dev.espalier.engine.surgery.Coupling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The groups of channels that may go, and why the others may not.
 *
 * @param groups in the order in which the model computes them
 * @param obstacles reasons, by layer or group
 */
public record PrunableGroups(List<ChannelGroup> groups, Map<String, String> obstacles) {
  /** Copies the list. */
  public PrunableGroups {
    groups = List.copyOf(groups);
  }

  /**
   * The groups that can go: first layers are protected, and so is what is masked without being a
   * parameter. The channels of last layers are the model's outputs, which are in no group.
   *
   * @param graph the model as it came
   * @param all its groups
   */
  public static PrunableGroups of(Graph graph, ChannelGroups all) {
    Map<String, Parameter> parameters = parameters(graph);
    Set<String> first = FirstKernels.of(graph);
    List<ChannelGroup> groups = new ArrayList<>();
    Map<String, String> obstacles = new LinkedHashMap<>(all.obstacles());
    for (ChannelGroup group : all.groups()) {
      List<Coupling> masked = group.couplings().stream().filter(c -> c.kind().isMasked()).toList();
      if (masked.stream()
          .anyMatch(c -> c.kind() == Coupling.Kind.PRODUCER && first.contains(c.tensor()))) {
        obstacles.put(group.name(), "it is a first layer, which is protected");
      } else if (!masked.stream().allMatch(c -> parameters.containsKey(c.tensor()))) {
        obstacles.put(group.name(), "a constant that is no parameter belongs to its channels");
      } else {
        groups.add(group);
      }
    }
    return new PrunableGroups(groups, obstacles);
  }

  /** Those that a policy does not exclude by one of the layers that write them. */
  PrunableGroups allowedBy(LayerRules rules, Graph graph) {
    List<ChannelGroup> allowed = new ArrayList<>();
    Map<String, String> reasons = new LinkedHashMap<>(obstacles);
    for (ChannelGroup group : groups) {
      if (layers(group, parameters(graph)).stream().anyMatch(rules::excludes)) {
        reasons.put(group.name(), "exclude leaves it alone");
      } else {
        allowed.add(group);
      }
    }
    return new PrunableGroups(allowed, reasons);
  }

  /** Names of the layers that write a group's channels. */
  static Set<String> layers(ChannelGroup group, Map<String, Parameter> parameters) {
    return group.couplings().stream()
        .filter(coupling -> coupling.kind() == Coupling.Kind.PRODUCER)
        .map(coupling -> parameters.get(coupling.tensor()))
        .filter(Objects::nonNull)
        .map(Parameter::layer)
        .collect(Collectors.toSet());
  }

  /** The parameters of a model by the names of their tensors. */
  static Map<String, Parameter> parameters(Graph graph) {
    return graph.parameters().stream()
        .collect(Collectors.toMap(Parameter::tensor, Function.identity(), (a, b) -> a));
  }
}
