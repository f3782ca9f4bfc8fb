package dev.espalier.engine.format.onnx;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Says which axes a {@code Transpose} of constants exchanges where the file leaves it at the
 * default, all of them: ONNX Runtime 1.29 aborts the process when it moves such a node past a
 * {@code DequantizeLinear} with a scale per channel.
 */
final class Permutations {
  private static final Set<String> SAME_RANK =
      Set.of("Cast", "DequantizeLinear", "Identity", "QuantizeLinear", "Transpose");

  private Permutations() {}

  /** The nodes, in the same order. */
  static List<Node> explicit(List<Node> nodes, Map<String, Tensor> initializers) {
    Map<String, Integer> ranks = new HashMap<>();
    initializers.forEach((name, tensor) -> ranks.put(name, tensor.rank()));
    List<Node> explicit = new ArrayList<>(nodes.size());
    for (Node node : nodes) {
      Integer rank = node.input(0).map(ranks::get).orElse(null);
      boolean implied =
          node.operator().equals("Transpose") && !node.attributes().containsKey("perm");
      explicit.add(rank != null && implied ? reversing(node, rank) : node);
      if (rank != null && SAME_RANK.contains(node.operator())) {
        node.outputs().forEach(output -> ranks.put(output, rank));
      }
    }
    return explicit;
  }

  private static Node reversing(Node node, int rank) {
    List<Long> axes = LongStream.range(0, rank).map(axis -> rank - 1 - axis).boxed().toList();
    Map<String, Attribute> attributes = new HashMap<>(node.attributes());
    attributes.put("perm", new Attribute.Ints(axes));
    return new Node(node.name(), node.operator(), node.inputs(), node.outputs(), attributes);
  }
}
