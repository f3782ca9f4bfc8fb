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

/**
 * Which parameters are statistics: running ones, reached directly or under another shape, and those
 * that were measured before.
 */
public final class Statistics {
  private static final Set<String> VIEWS =
      Set.of("Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze");

  /** Which input of a batch normalisation is its mean; the variance follows. */
  private static final int FIRST_STATISTIC = 3;

  private final Set<String> statistics = new HashSet<>();
  private final Set<String> weights = new HashSet<>();
  private final Set<String> measured;
  private final List<Node> nodes;
  private final Map<String, String> origins = new HashMap<>();

  /** Looks at how the nodes that matter use the graph's parameters. */
  Statistics(Graph graph, List<Node> nodes) {
    this.nodes = nodes;
    measured =
        graph.parameters().stream()
            .filter(parameter -> parameter.role() == Parameter.Role.STATISTIC)
            .map(Parameter::tensor)
            .collect(Collectors.toSet());
    Set<String> parameters =
        graph.parameters().stream().map(Parameter::tensor).collect(Collectors.toSet());
    for (Node node : nodes) {
      for (int i = 0; i < node.inputs().size(); i++) {
        String origin = origins.getOrDefault(node.inputs().get(i), node.inputs().get(i));
        if (i == 0 && VIEWS.contains(node.operator())) {
          origins.put(node.outputs().get(0), origin);
        } else if (parameters.contains(origin)) {
          (isStatistic(node, i) ? statistics : weights).add(origin);
        }
      }
    }
  }

  /** Names of the running ones of normalisations whose first operand depends on the tensors. */
  Set<String> after(Set<String> tensors) {
    Set<String> names = new HashSet<>();
    Set<String> affected = new HashSet<>(tensors);
    for (Node node : nodes) {
      List<String> inputs = node.inputs();
      boolean normalises = node.operator().equals("BatchNormalization");
      if (normalises && affected.contains(inputs.get(0))) {
        inputs.stream()
            .skip(FIRST_STATISTIC)
            .map(name -> origins.getOrDefault(name, name))
            .forEach(names::add);
      }
      if (inputs.stream().anyMatch(affected::contains)) {
        affected.addAll(node.outputs());
      }
    }
    names.retainAll(statistics);
    return Set.copyOf(names);
  }

  private static boolean isStatistic(Node node, int input) {
    return node.operator().equals("BatchNormalization") && input >= FIRST_STATISTIC;
  }

  /** Names of the parameters of a graph that are statistics: training measures them. */
  public static Set<String> of(Graph graph) {
    return new Statistics(graph, graph.nodes()).names();
  }

  /** Names of the statistics. */
  Set<String> names() {
    Set<String> names = new HashSet<>(statistics);
    names.addAll(measured);
    return Set.copyOf(names);
  }

  /**
   * Names of the parameters that are weights elsewhere, which cannot be trained: exporters write
   * equal tensors once, so that an untrained scale and an untrained variance may be the same.
   */
  Set<String> alsoWeights() {
    return statistics.stream().filter(weights::contains).collect(Collectors.toSet());
  }
}
