package dev.espalier.engine.format.onnx;

import dev.espalier.engine.format.onnx.proto.TensorShapeProto;
import dev.espalier.engine.format.onnx.proto.ValueInfoProto;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a model declares about shapes, after some tensors took other ones. */
final class ShapeChanges {
  private static final Set<String> CONVOLUTIONS =
      Set.of("Conv", "ConvTranspose", "ConvInteger", "QLinearConv");
  private static final Set<String> RECURRENT = Set.of("LSTM", "GRU", "RNN");

  /** Operators between stored weights and their reader that keep the order of axes. */
  private static final Set<String> HANDING_ON =
      Set.of(
          "Cast",
          "Concat",
          "DequantizeLinear",
          "Identity",
          "QuantizeLinear",
          "Slice",
          "Split",
          "Squeeze",
          "Unsqueeze");

  private final Graph before;
  private final Map<String, Tensor> changed = new HashMap<>();
  private final Map<String, Node> writers = new HashMap<>();
  private final Map<String, Map<String, Long>> attributes = new HashMap<>();
  private final Map<String, OutputSizes.Size> sizes;

  /** What changes in {@code before} when {@code replaced} take the place of its tensors. */
  ShapeChanges(Graph before, Map<String, Tensor> replaced) {
    this.before = before;
    replaced.forEach(
        (name, tensor) -> {
          Tensor original = before.initializers().get(name);
          if (original == null || !Arrays.equals(original.shape(), tensor.shape())) {
            changed.put(name, tensor);
          }
        });
    this.sizes = any() ? OutputSizes.of(before, changed) : Map.of();
    if (any()) {
      before.nodes().forEach(n -> n.outputs().forEach(output -> writers.put(output, n)));
      before.nodes().forEach(this::collectAttributes);
    }
  }

  /** Whether any shape changes. */
  boolean any() {
    return !changed.isEmpty();
  }

  /** Whether the shape of an initializer changes. */
  boolean changed(String name) {
    return changed.containsKey(name);
  }

  /** The attributes that follow, with their new values, of the node that writes {@code output}. */
  Map<String, Long> attributes(String output) {
    return attributes.getOrDefault(output, Map.of());
  }

  private void collectAttributes(Node node) {
    if (CONVOLUTIONS.contains(node.operator())) {
      long group = node.integer("group", 1);
      resized(node, node.operator().equals("QLinearConv") ? 3 : 1)
          .filter(w -> group > 1 && w.was().rank() > 1 && w.was().dimension(1) == 1)
          .filter(w -> w.was().dimension(0) % group == 0)
          .ifPresent(
              w -> {
                // Of a depthwise convolution, which gives every channel as many results.
                long multiplier = w.was().dimension(0) / group;
                put(node, "group", group, w.is().dimension(0) / multiplier);
              });
    } else if (RECURRENT.contains(node.operator())) {
      long size = node.integer("hidden_size", 0);
      resized(node, 2)
          .filter(w -> w.was().rank() > 0 && w.was().dimension(-1) == size)
          .ifPresent(w -> put(node, "hidden_size", size, w.is().dimension(-1)));
    }
  }

  private void put(Node node, String attribute, long was, long is) {
    if (was != is) {
      attributes.put(node.outputs().get(0), Map.of(attribute, is));
    }
  }

  private record Reshaped(Tensor was, Tensor is) {}

  /** The changed initializer that a node reads, directly or through what leaves axes in order. */
  private Optional<Reshaped> resized(Node node, int slot) {
    Deque<String> values = new ArrayDeque<>();
    node.input(slot).ifPresent(values::add);
    while (!values.isEmpty()) {
      String value = values.remove();
      Tensor is = changed.get(value);
      if (is != null) {
        return Optional.of(new Reshaped(original(value), is));
      }
      Node writer = writers.get(value);
      if (writer != null && HANDING_ON.contains(writer.operator())) {
        boolean joins = writer.operator().equals("Concat");
        values.addAll(joins ? writer.inputs() : writer.inputs().subList(0, 1));
      }
    }
    return Optional.empty();
  }

  private Tensor original(String name) {
    return Objects.requireNonNull(before.initializers().get(name));
  }

  /** The declaration of a graph's input or output. */
  ValueInfoProto declared(ValueInfoProto info) {
    Tensor tensor = changed.get(info.getName());
    if (tensor != null) {
      return withSizes(info, Arrays.stream(tensor.shape()).boxed().toList());
    }
    OutputSizes.@Nullable Size size = sizes.get(info.getName());
    return size == null ? info : withSize(info, size);
  }

  private static ValueInfoProto withSizes(ValueInfoProto info, List<Long> sizes) {
    ValueInfoProto.Builder proto = info.toBuilder();
    TensorShapeProto.Builder shape =
        proto.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder().clearDim();
    sizes.forEach(size -> shape.addDimBuilder().setDimValue(size));
    return proto.build();
  }

  private static ValueInfoProto withSize(ValueInfoProto info, OutputSizes.Size size) {
    ValueInfoProto.Builder proto = info.toBuilder();
    TensorShapeProto.Builder shape =
        proto.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
    for (int axis = 1; axis < shape.getDimCount(); axis++) {
      if (!size.known()) {
        shape.setDim(axis, TensorShapeProto.Dimension.getDefaultInstance());
      } else if (axis == size.axis(shape.getDimCount())) {
        shape.setDim(axis, TensorShapeProto.Dimension.newBuilder().setDimValue(size.channels()));
      }
    }
    return proto.build();
  }
}
