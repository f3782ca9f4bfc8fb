package dev.espalier.engine.train;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which parameters are running statistics, reached directly or under another shape. */
final class Statistics {
  private static final Set<String> VIEWS =
      Set.of("Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze");

  /** Running mean and variance among the inputs of a batch normalisation. */
  private static final List<Integer> POSITIONS = List.of(3, 4);

  private Statistics() {}

  /** Names of the statistics among the graph's parameters, as the nodes that matter use them. */
  static Set<String> of(Graph graph, List<Node> nodes) {
    Set<String> parameters =
        graph.parameters().stream().map(Parameter::tensor).collect(Collectors.toSet());
    Map<String, String> origins = new HashMap<>();
    Set<String> statistics = new HashSet<>();
    for (Node node : nodes) {
      if (VIEWS.contains(node.operator())) {
        origins.put(
            node.outputs().get(0),
            origins.getOrDefault(node.inputs().get(0), node.inputs().get(0)));
      } else if (node.operator().equals("BatchNormalization")) {
        for (int position : POSITIONS) {
          node.input(position)
              .map(name -> origins.getOrDefault(name, name))
              .filter(parameters::contains)
              .ifPresent(statistics::add);
        }
      }
    }
    return statistics;
  }
}
