package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Removes channels from a model: their positions go from every tensor that is coupled to them,
 * stored counts of channels follow, and what a removed channel left as a constant goes into the
 * next bias. The result has the same nodes, values and initializers by name.
 */
public final class FilterRemoval {
  private final Graph masked;
  private final ChannelGroups groups;
  private final Map<String, Mask> kept;

  private FilterRemoval(Graph masked, ChannelGroups groups, Map<String, Mask> kept) {
    this.masked = masked;
    this.groups = groups;
    this.kept = kept;
  }

  /**
   * The model without the channels that are not kept.
   *
   * @param masked the model with the shapes it came with, its weights masked as {@link
   *     ChannelMasks} says
   * @param groups of the model as it came
   * @param kept the channels that stay, by name of their group; groups without an entry keep all
   * @throws IllegalArgumentException when a group keeps no channel
   */
  public static Graph remove(Graph masked, ChannelGroups groups, Map<String, Mask> kept) {
    return new FilterRemoval(masked, groups, kept).removed();
  }

  private Graph removed() {
    for (ChannelGroup group : groups.groups()) {
      if (kept(group.name(), group.channels()).keptCount() == 0) {
        throw new IllegalArgumentException("no channel of '" + group.name() + "' is kept");
      }
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>(masked.initializers());
    tensors.putAll(new Remainders(masked, kept).folded(groups.adjustments().remains()));
    cut(tensors);
    rewrite(tensors);
    List<Node> nodes = masked.nodes().stream().map(this::resized).toList();
    return new Graph(
        masked.opset(), masked.inputs(), masked.outputs(), nodes, tensors, masked.parameters());
  }

  private Mask kept(String group, int channels) {
    return kept.getOrDefault(group, Mask.keepAll(channels));
  }

  private void cut(Map<String, Tensor> tensors) {
    Map<String, Map<Integer, boolean[]>> removed = new LinkedHashMap<>();
    for (ChannelGroup group : groups.groups()) {
      Mask mask = kept(group.name(), group.channels());
      for (Coupling coupling : group.couplings()) {
        ChannelMap map = coupling.map();
        boolean[] gone =
            removed
                .computeIfAbsent(coupling.tensor(), t -> new HashMap<>())
                .computeIfAbsent(coupling.axis(), a -> new boolean[map.size()]);
        for (int p = 0; p < gone.length; p++) {
          int channel = map.channel(p);
          gone[p] |= channel != ChannelMap.NONE && !mask.kept(channel);
        }
      }
    }
    removed.forEach(
        (name, axes) ->
            axes.forEach(
                (axis, gone) ->
                    tensors.compute(
                        name, (n, tensor) -> cut(Objects.requireNonNull(tensor), axis, gone))));
  }

  private static Tensor cut(Tensor tensor, int axis, boolean... gone) {
    for (boolean one : gone) {
      if (one) {
        return Cut.along(tensor, axis, gone);
      }
    }
    return tensor;
  }

  private void rewrite(Map<String, Tensor> tensors) {
    for (Adjustments.Rewrite rewrite : groups.adjustments().rewrites()) {
      int count = rewrite.count().of(kept);
      if (count != rewrite.count().of(Map.of())) {
        Tensor copy = Objects.requireNonNull(tensors.get(rewrite.tensor())).copy();
        put(copy, rewrite.element(), (long) rewrite.sign() * count);
        tensors.put(rewrite.tensor(), copy);
      }
    }
  }

  private static void put(Tensor tensor, int element, long value) {
    if (tensor.type() == DataType.INT64) {
      tensor.longs().put(element, value);
    } else {
      tensor.ints().put(element, Math.toIntExact(value));
    }
  }

  /** The node with the attributes that say how many channels or units it has. */
  private Node resized(Node node) {
    Map<String, Attribute> attributes = new HashMap<>(node.attributes());
    for (Adjustments.Resize resize : groups.adjustments().resizes(node.name())) {
      attributes.put(resize.attribute(), new Attribute.Int(resize.count().of(kept)));
    }
    return attributes.equals(node.attributes())
        ? node
        : new Node(node.name(), node.operator(), node.inputs(), node.outputs(), attributes);
  }
}
