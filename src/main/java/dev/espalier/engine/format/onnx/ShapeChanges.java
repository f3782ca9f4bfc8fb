package dev.espalier.engine.format.onnx;

import dev.espalier.engine.format.onnx.proto.TensorShapeProto;
import dev.espalier.engine.format.onnx.proto.ValueInfoProto;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
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

  private final Graph before;
  private final Map<String, Tensor> changed = new HashMap<>();
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
      weights(node, node.operator().equals("QLinearConv") ? 3 : 1)
          .ifPresent(
              w -> {
                long group = node.integer("group", 1);
                boolean depthwise =
                    group > 1 && w.was().dimension(0) == group && w.was().dimension(1) == 1;
                if (depthwise && w.is().dimension(0) != group) {
                  attributes.put(node.outputs().get(0), Map.of("group", w.is().dimension(0)));
                }
              });
    } else if (RECURRENT.contains(node.operator())) {
      weights(node, 2)
          .filter(w -> w.is().dimension(2) != w.was().dimension(2))
          .ifPresent(
              w ->
                  attributes.put(
                      node.outputs().get(0), Map.of("hidden_size", w.is().dimension(2))));
    }
  }

  private record Reshaped(Tensor was, Tensor is) {}

  private Optional<Reshaped> weights(Node node, int slot) {
    return node.input(slot)
        .filter(changed::containsKey)
        .map(name -> new Reshaped(original(name), changed.get(name)));
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
