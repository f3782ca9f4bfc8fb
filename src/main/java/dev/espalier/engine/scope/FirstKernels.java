package dev.espalier.engine.scope;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The kernels of a model's first layers: those between which and the model's inputs there is no
 * other kernel on any path. A model has several where it has several inputs, or branches at once.
 * Embeddings are no kernels.
 */
final class FirstKernels {
  private final Map<String, Set<String>> constants = new HashMap<>();
  private final Set<String> computed = new HashSet<>();
  private final Set<String> first = new HashSet<>();

  private FirstKernels(Graph graph) {
    graph.initializers().keySet().forEach(name -> constants.put(name, Set.of()));
    graph.prunable().forEach(kernel -> constants.put(kernel.tensor(), Set.of(kernel.tensor())));
    graph.nodes().forEach(this::visit);
  }

  /** Names of the tensors. */
  static Set<String> of(Graph graph) {
    return Set.copyOf(new FirstKernels(graph).first);
  }

  private void visit(Node node) {
    Set<String> kernels =
        node.inputs().stream()
            .flatMap(input -> constants.getOrDefault(input, Set.of()).stream())
            .collect(Collectors.toSet());
    boolean constant =
        node.inputs().stream().allMatch(in -> in.isEmpty() || constants.containsKey(in));
    if (constant) {
      node.outputs().forEach(output -> constants.put(output, kernels));
      return;
    }
    boolean deeper = node.inputs().stream().anyMatch(computed::contains);
    if (!deeper) {
      first.addAll(kernels);
    }
    if (deeper || !kernels.isEmpty()) {
      computed.addAll(node.outputs());
    }
  }
}
