package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lets the operator that computes an output write it under the output's name. */
final class OutputNames {
  private OutputNames() {}

  /** The nodes without the identities before outputs, where nothing else asks for the old name. */
  static List<Node> inlined(List<Node> nodes, List<ValueInfo> outputs, List<ValueInfo> inputs) {
    Set<String> named = new HashSet<>();
    outputs.forEach(output -> named.add(output.name()));
    Set<String> taken = new HashSet<>(named);
    inputs.forEach(input -> taken.add(input.name()));
    Map<String, String> renamed = new HashMap<>();
    List<Node> kept = new ArrayList<>();
    for (Node node : nodes) {
      String from = node.inputs().isEmpty() ? "" : node.inputs().get(0);
      if (named.contains(node.outputs().get(0))
          && node.operator().equals("Identity")
          && taken.add(from)) {
        renamed.put(from, node.outputs().get(0));
      } else {
        kept.add(node);
      }
    }
    return kept.stream().map(node -> renamed(node, renamed)).toList();
  }

  private static Node renamed(Node node, Map<String, String> names) {
    return new Node(
        node.name(),
        node.operator(),
        node.inputs().stream().map(name -> names.getOrDefault(name, name)).toList(),
        node.outputs().stream().map(name -> names.getOrDefault(name, name)).toList(),
        node.attributes());
  }
}
