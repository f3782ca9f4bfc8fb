package dev.espalier.engine.scope;

import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.mask.LayerRules;
import dev.espalier.engine.surgery.ChannelGroup;
import dev.espalier.engine.surgery.ChannelGroups;
import dev.espalier.engine.surgery.Coupling;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which groups of channels of a model may go. */
public final class PrunableGroups {
  private PrunableGroups() {}

  /**
   * The groups of a model that can go, and as obstacles, by layer or group, why the others cannot.
   * First layers are protected. Channels of last layers are the model's outputs, which are in no
   * group. Groups that the model's format cannot write with fewer channels stay.
   *
   * @param sized its graph, with the sizes of its inputs where they are known
   */
  public static ChannelGroups of(SourceModel model, Graph sized) throws IOException {
    ChannelGroups all = ChannelGroups.of(sized);
    Map<String, Parameter> parameters = parameters(sized);
    Set<String> first = FirstKernels.of(sized);
    ChannelGroups allowed =
        without(
            all,
            group -> {
              List<Coupling> masked =
                  group.couplings().stream().filter(c -> c.kind().isMasked()).toList();
              if (masked.stream()
                  .anyMatch(
                      c -> c.kind() == Coupling.Kind.PRODUCER && first.contains(c.tensor()))) {
                return Optional.of("it is a first layer, which is protected");
              }
              return masked.stream().allMatch(c -> parameters.containsKey(c.tensor()))
                  ? Optional.empty()
                  : Optional.of("a constant that is no parameter belongs to its channels");
            });
    return Resizable.of(model, allowed);
  }

  /** Those that a policy does not exclude by one of the layers that write them. */
  static ChannelGroups allowedBy(LayerRules rules, ChannelGroups groups, Graph graph) {
    Map<String, Parameter> parameters = parameters(graph);
    return without(
        groups,
        group ->
            layers(group, parameters).stream().anyMatch(rules::excludes)
                ? Optional.of("exclude leaves it alone")
                : Optional.empty());
  }

  private static ChannelGroups without(
      ChannelGroups groups, Function<ChannelGroup, Optional<String>> obstacle) {
    Map<String, String> refused = new LinkedHashMap<>();
    for (ChannelGroup group : groups.groups()) {
      obstacle.apply(group).ifPresent(why -> refused.put(group.name(), why));
    }
    return groups.without(refused);
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
