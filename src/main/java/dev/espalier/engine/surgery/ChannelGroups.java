package dev.espalier.engine.surgery;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The channels of a model that can be removed, and those that cannot.
 *
 * @param groups in the order in which the model computes them
 * @param obstacles why filters or units cannot be removed, by layer
 */
public record ChannelGroups(List<ChannelGroup> groups, Map<String, String> obstacles) {
  /** Copies its collections. */
  public ChannelGroups {
    groups = List.copyOf(groups);
    obstacles = Collections.unmodifiableMap(new LinkedHashMap<>(obstacles));
  }
}
