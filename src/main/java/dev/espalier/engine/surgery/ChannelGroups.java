package dev.espalier.engine.surgery;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The channels of a model that can be removed, and those that cannot.
 *
 * @param groups in the order of the tensors that write them
 * @param obstacles why filters or units cannot be removed, by layer
 * @param adjustments what else changes with the channels
 */
public record ChannelGroups(
    List<ChannelGroup> groups, Map<String, String> obstacles, Adjustments adjustments) {
  /** Copies its collections. */
  public ChannelGroups {
    groups = List.copyOf(groups);
    obstacles = Collections.unmodifiableMap(new LinkedHashMap<>(obstacles));
  }

  /** Groups whose removal changes nothing but what is coupled to them. */
  public ChannelGroups(List<ChannelGroup> groups, Map<String, String> obstacles) {
    this(groups, obstacles, Adjustments.none());
  }

  /**
   * The channels of a model. The model is run once, on a sample of zeros and ones or of noise, to
   * learn the shapes of its values; sizes that its inputs leave open are tried out, so {@link
   * Graph#sizedFor} first where they are known.
   *
   * @param graph may be of any operators; those that are not known are obstacles
   */
  public static ChannelGroups of(Graph graph) {
    ChannelTrace trace;
    try {
      trace = new ChannelTrace(graph);
    } catch (Refusal e) {
      Map<String, String> obstacles = new LinkedHashMap<>();
      graph.prunable().stream()
          .map(Parameter::layer)
          .forEach(layer -> obstacles.put(layer, "the model does not run: " + e.getMessage()));
      return new ChannelGroups(List.of(), obstacles);
    }
    return new GroupBuilder(graph, trace).build();
  }

  /**
   * Without some groups.
   *
   * @param refused why, by name of the group
   */
  public ChannelGroups without(Map<String, String> refused) {
    Map<String, String> all = new LinkedHashMap<>(obstacles);
    refused.forEach(all::putIfAbsent);
    return new ChannelGroups(
        groups.stream().filter(group -> !refused.containsKey(group.name())).toList(),
        all,
        adjustments);
  }
}
