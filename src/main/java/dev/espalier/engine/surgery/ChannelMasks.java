package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What masked channels mean for the elements of tensors. */
public final class ChannelMasks {
  private ChannelMasks() {}

  /**
   * Masks over the elements of every tensor that must be zero where channels are removed.
   *
   * @param graph the model with the shapes it came with
   * @param kept the channels that stay, by name of their group; groups without an entry keep all
   * @return by tensor, for each tensor that is masked with some channel of {@code groups}
   */
  public static Map<String, Mask> of(Graph graph, ChannelGroups groups, Map<String, Mask> kept) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (ChannelGroup group : groups.groups()) {
      Mask channels = kept.getOrDefault(group.name(), Mask.keepAll(group.channels()));
      for (Coupling coupling : group.couplings()) {
        if (coupling.kind().isMasked()) {
          Tensor tensor = Objects.requireNonNull(graph.initializers().get(coupling.tensor()));
          Mask mask = masks.computeIfAbsent(coupling.tensor(), name -> Mask.keepAll(tensor.size()));
          remove(mask, tensor, coupling, channels);
        }
      }
    }
    return masks;
  }

  private static void remove(Mask mask, Tensor tensor, Coupling coupling, Mask channels) {
    int inner = 1;
    for (int axis = coupling.axis() + 1; axis < tensor.rank(); axis++) {
      inner *= Math.toIntExact(tensor.dimension(axis));
    }
    ChannelMap map = coupling.map();
    for (int i = 0; i < tensor.size(); i += inner) {
      int channel = map.channel(i / inner % map.size());
      if (channel != ChannelMap.NONE && !channels.kept(channel)) {
        for (int j = i; j < i + inner; j++) {
          mask.remove(j);
        }
      }
    }
  }
}
