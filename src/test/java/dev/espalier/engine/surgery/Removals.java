package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.Weights;
import dev.espalier.engine.mask.Mask;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Channels removed at random, as a job removes chosen ones. */
final class Removals {
  private Removals() {}

  /** Random channels of every group, at least one of each kept and one removed. */
  static Map<String, Mask> random(ChannelGroups groups, Random random) {
    Map<String, Mask> kept = new LinkedHashMap<>();
    for (ChannelGroup group : groups.groups()) {
      kept.put(group.name(), some(group.channels(), random));
    }
    return kept;
  }

  private static Mask some(int channels, Random random) {
    Mask mask = Mask.keepAll(channels);
    int stays = random.nextInt(channels);
    int goes = (stays + 1 + random.nextInt(channels - 1)) % channels;
    for (int c = 0; c < channels; c++) {
      if (c == goes || (c != stays && random.nextBoolean())) {
        mask.remove(c);
      }
    }
    return mask;
  }

  /** All channels of a group but the last. */
  static Map<String, Mask> allButOne(ChannelGroup group) {
    Mask mask = Mask.keepAll(group.channels());
    for (int c = 0; c < group.channels() - 1; c++) {
      mask.remove(c);
    }
    return Map.of(group.name(), mask);
  }

  /** The model with the removed channels' weights zero. */
  static Graph masked(Graph graph, ChannelGroups groups, Map<String, Mask> kept) {
    Map<String, Tensor> changed = new LinkedHashMap<>();
    ChannelMasks.of(graph, groups, kept)
        .forEach(
            (name, mask) -> {
              Tensor copy = graph.initializers().get(name).copy();
              Weights weights =
                  graph.parameters().stream()
                      .filter(p -> p.tensor().equals(name))
                      .map(graph::weights)
                      .findFirst()
                      .orElseThrow()
                      .over(copy);
              mask.applyTo(weights);
              changed.put(name, copy);
            });
    return graph.with(changed);
  }

  /** Removes channels and proves that the model computes the same. */
  static Graph proven(Graph graph, ChannelGroups groups, Map<String, Mask> kept) {
    Graph masked = masked(graph, groups, kept);
    Graph removed = FilterRemoval.remove(masked, groups, kept);
    NoiseSamples.proof(masked).require(masked, removed);
    return removed;
  }
}
