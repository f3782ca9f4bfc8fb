package dev.espalier.engine.metric;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which values of a graph are computed from probabilities, or from the class decided on, with no
 * layer in between. A product is only when all its factors are: a gate, as in Swish or
 * squeeze-and-excitation, scales numbers that stay what they were.
 */
final class UpstreamActivations {
  private static final Set<String> LAYERS =
      Set.of(
          "BatchNormalization",
          "Conv",
          "ConvInteger",
          "ConvTranspose",
          "Einsum",
          "GRU",
          "Gemm",
          "InstanceNormalization",
          "LSTM",
          "LayerNormalization",
          "MatMul",
          "MatMulInteger",
          "QLinearConv",
          "QLinearMatMul",
          "RNN",
          "Shape");

  private final Map<String, Node> activations = new HashMap<>();
  private final Set<String> constants;

  UpstreamActivations(Graph graph) {
    constants = new HashSet<>(graph.initializers().keySet());
    graph.nodes().forEach(this::add);
  }

  private void add(Node node) {
    List<String> read =
        node.inputs().stream().filter(i -> !i.isEmpty() && !constants.contains(i)).toList();
    if (read.isEmpty()) {
      constants.addAll(node.outputs());
      return;
    }
    Node found = activation(node, read);
    if (found != null) {
      node.outputs().forEach(name -> activations.put(name, found));
    }
  }

  private @Nullable Node activation(Node node, List<String> read) {
    boolean decides = node.operator().equals("ArgMax");
    if (decides || FinalActivation.kind(node.operator()) != Head.Kind.RAW) {
      return node;
    }
    boolean gated =
        node.operator().equals("Mul") && !read.stream().allMatch(activations::containsKey);
    if (gated || LAYERS.contains(node.operator())) {
      return null;
    }
    return read.stream().map(activations::get).filter(Objects::nonNull).findFirst().orElse(null);
  }

  /** The last activation that a value comes from; absent when there is none. */
  @Nullable Node of(String value) {
    return activations.get(value);
  }
}
