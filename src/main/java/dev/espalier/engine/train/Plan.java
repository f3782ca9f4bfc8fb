package dev.espalier.engine.train;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.AxisOperator;
import dev.espalier.engine.operator.Folding;
import dev.espalier.engine.operator.Operators;
import dev.espalier.engine.operator.Site;
import dev.espalier.engine.operator.Untrainable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What of a graph is trained, before any memory is taken: the nodes the logits depend on, with
 * their operators. A final Softmax or LogSoftmax belongs to the loss, so the logits are its input.
 */
final class Plan {
  private final Graph graph;
  private final Map<String, Tensor> constants;
  private final Map<String, Node> producers = new HashMap<>();
  private final String logits;
  private final List<Node> nodes = new ArrayList<>();
  private final Set<String> statistics;
  private final List<String> obstacles = new ArrayList<>();

  Plan(Graph graph) {
    this.graph = graph;
    this.constants = new HashMap<>(graph.initializers());
    graph.parameters().forEach(parameter -> constants.remove(parameter.tensor()));
    graph.nodes().forEach(node -> node.outputs().forEach(name -> producers.put(name, node)));
    this.logits = logits();
    Set<String> needed = ancestors();
    for (Node node : graph.nodes()) {
      if (node.outputs().stream().anyMatch(needed::contains)) {
        nodes.add(node);
        attempt(() -> check(node));
      }
    }
    this.statistics = Statistics.of(graph, nodes);
    for (Parameter parameter : graph.parameters()) {
      if (graph.tensor(parameter).type() != DataType.FLOAT) {
        obstacles.add("parameter '" + parameter.tensor() + "' is " + graph.tensor(parameter));
      }
    }
  }

  private void attempt(Runnable part) {
    try {
      part.run();
    } catch (Untrainable e) {
      obstacles.add(String.valueOf(e.getMessage()));
    }
  }

  private String logits() {
    if (graph.outputs().size() != 1) {
      obstacles.add("the model has " + graph.outputs().size() + " outputs; one can be trained");
    }
    String name = graph.outputs().get(0).name();
    Node last = producers.get(name);
    while (last != null && last.operator().equals("Identity")) {
      name = last.inputs().get(0);
      last = producers.get(name);
    }
    if (last != null && Set.of("Softmax", "LogSoftmax").contains(last.operator())) {
      Node softmax = last;
      attempt(() -> requireClassAxis(softmax));
      name = last.inputs().get(0);
    }
    return name;
  }

  private void requireClassAxis(Node softmax) {
    Site site = new Site(softmax, graph.opset(), constants);
    if (Operators.of(site) instanceof AxisOperator operator && !operator.overLastAxis(2)) {
      throw site.untrainable("normalises another axis than that of the classes");
    }
  }

  private Set<String> ancestors() {
    Set<String> needed = new HashSet<>(Set.of(logits));
    ArrayDeque<String> open = new ArrayDeque<>(needed);
    while (!open.isEmpty()) {
      Optional.ofNullable(producers.get(open.pop())).stream()
          .flatMap(node -> node.inputs().stream())
          .filter(needed::add)
          .forEach(open::push);
    }
    return needed;
  }

  /** What shows of a node without shapes. */
  private void check(Node node) {
    if (Operators.knows(node.operator()) || !Folding.knows(node.operator())) {
      try {
        Operators.of(new Site(node, graph.opset(), constants));
      } catch (Untrainable.NotConstant e) {
        // It may be once shapes are known; a trace tells.
      }
    }
  }

  /** Why the graph cannot be trained, as far as that shows without shapes; empty when nothing. */
  List<String> obstacles() {
    return List.copyOf(obstacles);
  }

  /** Names of the parameters that training updates from data, not by gradients. */
  Set<String> statistics() {
    return statistics;
  }

  /** Name of the value the loss is computed from. */
  String logitsName() {
    return logits;
  }

  /**
   * What is played for inputs of the given shapes.
   *
   * @param inputs shapes of the graph's inputs by name
   */
  Trace trace(Map<String, long[]> inputs) {
    return new Trace(graph, nodes, constants, inputs);
  }

  /**
   * Requires that the logits of a trace are [batch, classes].
   *
   * @throws Untrainable otherwise
   */
  void requireClasses(Trace trace, Map<String, long[]> inputs) {
    long batch = inputs.values().iterator().next()[0];
    long[] shape = trace.shape(logits).orElseGet(() -> new long[0]);
    if (shape.length != 2 || shape[0] != batch || shape[1] < 2) {
      throw new Untrainable(
          "output '%s' has shape %s; training needs [batch, classes] with at least two classes"
              .formatted(graph.outputs().get(0).name(), Arrays.toString(shape)));
    }
  }
}
