package dev.espalier.engine.train;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.AxisOperator;
import dev.espalier.engine.operator.Constant;
import dev.espalier.engine.operator.Operator;
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
import org.jspecify.annotations.Nullable;

/**
 * What of a graph is trained, before any memory is taken: the nodes the logits depend on, with
 * their operators. A final Softmax or LogSoftmax belongs to the loss, so the logits are its input.
 */
final class Plan {
  /**
   * A node of the plan.
   *
   * @param operands names of the values it reads as differentiable operands
   * @param result name of the value it writes
   */
  record Call(Site site, Operator operator, List<String> operands, String result) {}

  private final Graph graph;
  private final Map<String, Tensor> constants;
  private final Map<String, Node> producers = new HashMap<>();
  private final String logits;
  private final List<Call> calls = new ArrayList<>();
  private final List<String> obstacles = new ArrayList<>();

  Plan(Graph graph) {
    this.graph = graph;
    this.constants = new HashMap<>(graph.initializers());
    graph.nodes().forEach(node -> node.outputs().forEach(name -> producers.put(name, node)));
    this.logits = logits();
    Set<String> needed = ancestors();
    for (Node node : graph.nodes()) {
      if (node.outputs().stream().anyMatch(needed::contains)) {
        attempt(() -> add(node));
      }
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

  private void add(Node node) {
    Site site = new Site(node, graph.opset(), constants);
    String result = node.outputs().get(0);
    if (node.operator().equals("Constant")) {
      constants.put(result, Constant.evaluate(site));
      return;
    }
    Operator operator = Operators.of(site);
    List<String> operands = node.inputs().subList(0, operator.operands());
    calls.add(new Call(site, operator, operands, result));
  }

  /** Why the graph cannot be trained, as far as that shows without shapes; empty when nothing. */
  List<String> obstacles() {
    return List.copyOf(obstacles);
  }

  /** The nodes to play, in order. */
  List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Tensors known before any input, trained ones included. */
  Map<String, Tensor> constants() {
    return Map.copyOf(constants);
  }

  /** Name of the value the loss is computed from. */
  String logitsName() {
    return logits;
  }

  /**
   * Shapes of all values for a batch.
   *
   * @param inputs shapes of the graph's inputs by name
   * @throws Untrainable when they do not go through, or the logits are not [batch, classes]
   */
  Map<String, long[]> shapes(Map<String, long[]> inputs) {
    Map<String, long[]> shapes = new HashMap<>(inputs);
    constants.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    for (Call call : calls) {
      List<long[]> operands = new ArrayList<>();
      for (String name : call.operands()) {
        long[] shape = shapes.get(name);
        if (shape == null) {
          throw call.site().untrainable("reads '" + name + "', which nothing trainable writes");
        }
        operands.add(shape);
      }
      shapes.put(call.result(), call.operator().shape(operands));
    }
    requireClasses(shapes.get(logits), inputs);
    return shapes;
  }

  private void requireClasses(long @Nullable [] shape, Map<String, long[]> inputs) {
    long batch = inputs.values().iterator().next()[0];
    if (shape == null || shape.length != 2 || shape[0] != batch || shape[1] < 2) {
      throw new Untrainable(
          "output '%s' has shape %s; training needs [batch, classes] with at least two classes"
              .formatted(graph.outputs().get(0).name(), Arrays.toString(shape)));
    }
  }
}
