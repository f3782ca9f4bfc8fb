package dev.espalier.engine.train;

import dev.espalier.contract.Task;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.Folding;
import dev.espalier.engine.operator.Operators;
import dev.espalier.engine.operator.Site;
import dev.espalier.engine.operator.Untrainable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a graph is trained for a task, before any memory is taken: the nodes that the value under
 * the loss depends on, with their operators.
 */
final class Plan {
  private final Graph graph;
  private final Map<String, Tensor> constants;
  private final Map<String, Node> producers = new HashMap<>();
  private final @Nullable Objective objective;
  private final List<Node> nodes = new ArrayList<>();
  private final Statistics statistics;
  private final List<String> obstacles = new ArrayList<>();

  Plan(Graph model, Task task) {
    this.objective = objective(model, task);
    this.graph = objective == null ? model : objective.graph();
    this.constants = new HashMap<>(graph.initializers());
    graph.parameters().forEach(parameter -> constants.remove(parameter.tensor()));
    graph.nodes().forEach(node -> node.outputs().forEach(name -> producers.put(name, node)));
    Set<String> needed = ancestors();
    for (Node node : graph.nodes()) {
      if (node.outputs().stream().anyMatch(needed::contains)) {
        nodes.add(node);
        attempt(() -> check(node));
      }
    }
    this.statistics = new Statistics(graph, nodes);
    for (String name : statistics.alsoWeights()) {
      obstacles.add("parameter '" + name + "' is a running statistic and a weight at once");
    }
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

  private @Nullable Objective objective(Graph model, Task task) {
    try {
      return new Objective(model, task);
    } catch (Untrainable e) {
      obstacles.add(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private Set<String> ancestors() {
    Set<String> needed = new HashSet<>();
    needed.add(objective == null ? graph.outputs().get(0).name() : objective.value());
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
      } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
        throw new Untrainable(Trace.malformed(node, e));
      }
    }
  }

  /** Why the graph cannot be trained, as far as that shows without shapes; empty when nothing. */
  List<String> obstacles() {
    return List.copyOf(obstacles);
  }

  /** The graph that is played, which ends in the value under the loss. */
  Graph graph() {
    return graph;
  }

  /** Names of the parameters that training updates from data, not by gradients. */
  Set<String> statistics() {
    return statistics.names();
  }

  /** Those of them that some of the tensors act on. */
  Set<String> statisticsAfter(Set<String> tensors) {
    return statistics.after(tensors);
  }

  /**
   * What is minimised.
   *
   * @throws IllegalStateException when there are obstacles
   */
  Objective objective() {
    if (objective == null) {
      throw new IllegalStateException("nothing to minimise: " + obstacles);
    }
    return objective;
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
   * Requires that a trace can be played and ends in a shape that the loss can be computed from.
   *
   * @param inputs shapes of the graph's inputs by name
   * @throws Untrainable otherwise
   */
  void requireTrainable(Trace trace, Map<String, long[]> inputs) {
    trace.requirePlayable();
    objective().requireShape(trace, constants, inputs.values().iterator().next()[0]);
  }
}
