package dev.espalier.engine.train;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.operator.Folding;
import dev.espalier.engine.operator.Operator;
import dev.espalier.engine.operator.Operators;
import dev.espalier.engine.operator.Site;
import dev.espalier.engine.operator.Untrainable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A plan for inputs of known shapes, before any memory is taken: what depends on shapes and
 * constants alone is evaluated, the rest is a list of calls to play.
 */
final class Trace {
  /**
   * A node to play.
   *
   * @param operands names of the values it reads on the tape
   * @param results names of the values it writes; empty for one the node does not name
   * @param type their element type
   * @param shapes their shapes
   */
  record Call(
      Site site,
      Operator operator,
      List<String> operands,
      List<String> results,
      DataType type,
      List<long[]> shapes) {}

  private final int opset;
  private final Map<String, Tensor> constants;
  private final Map<String, long[]> shapes = new HashMap<>();
  private final Map<String, DataType> types = new HashMap<>();
  private final List<Call> calls = new ArrayList<>();
  private final Set<String> obstacles = new LinkedHashSet<>();
  private final Set<String> unknown = new HashSet<>();

  /** Names of the values that depend on the inputs' elements. */
  private final Set<String> varying = new HashSet<>();

  private final FixedBatch batch;

  /**
   * Follows the shapes.
   *
   * @param nodes the graph's nodes that matter, in order
   * @param constants tensors known before, by name
   * @param inputs shapes of the graph's inputs by name
   */
  Trace(Graph graph, List<Node> nodes, Map<String, Tensor> constants, Map<String, long[]> inputs) {
    this.opset = graph.opset();
    this.constants = new HashMap<>(constants);
    constants.forEach((name, tensor) -> define(name, tensor.type(), tensor.shape()));
    for (Parameter parameter : graph.parameters()) {
      Tensor tensor = graph.tensor(parameter);
      define(parameter.tensor(), tensor.type(), tensor.shape());
    }
    Map<String, DataType> declared =
        graph.inputs().stream().collect(Collectors.toMap(ValueInfo::name, ValueInfo::type));
    inputs.forEach((name, shape) -> define(name, declared.get(name), shape));
    varying.addAll(inputs.keySet());
    batch = new FixedBatch(graph, inputs);
    nodes.forEach(this::attempt);
  }

  private void define(String name, DataType type, long... shape) {
    types.put(name, type);
    shapes.put(name, shape);
  }

  private void attempt(Node node) {
    // What follows an obstacle is none itself.
    if (node.inputs().stream().noneMatch(unknown::contains)) {
      try {
        add(node);
        return;
      } catch (Untrainable e) {
        obstacles.add(String.valueOf(e.getMessage()));
      } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
        obstacles.add(malformed(node, e));
      }
    }
    unknown.addAll(node.outputs());
  }

  /** Says that a node's inputs or attributes do not fit its operator. */
  static String malformed(Node node, RuntimeException e) {
    return "node '%s' (%s): is malformed: %s"
        .formatted(node.name(), node.operator(), e.getMessage());
  }

  private void add(Node node) {
    boolean varies = node.inputs().stream().anyMatch(varying::contains);
    if (varies && !Folding.ofShapes(node.operator())) {
      varying.addAll(node.outputs());
    }
    Site site =
        new Site(node, opset, varies ? batch.constants(node, constants, shapes) : constants);
    Optional<List<Tensor>> folded = Folding.fold(site, shapes);
    if (folded.isPresent()) {
      for (int i = 0; i < node.outputs().size(); i++) {
        Tensor tensor = folded.get().get(i);
        constants.put(node.outputs().get(i), tensor);
        define(node.outputs().get(i), tensor.type(), tensor.shape());
      }
      return;
    }
    Operator operator = Operators.of(site);
    List<String> operands = operator.operands().stream().map(node.inputs()::get).toList();
    DataType type =
        operator
            .type(operands.stream().map(name -> known(site, name)).toList())
            .orElseThrow(() -> site.untrainable("does not train on " + describe(operands)));
    List<long[]> results = operator.shapes(operands.stream().map(shapes::get).toList());
    for (long[] shape : results) {
      if (Tensor.elements(shape) < 1 || Tensor.elements(shape) > Integer.MAX_VALUE / type.bytes()) {
        throw site.untrainable("has a result of " + Tensor.elements(shape) + " elements");
      }
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      names.add(i < node.outputs().size() ? node.outputs().get(i) : "");
      define(names.get(i), type, results.get(i));
    }
    calls.add(new Call(site, operator, operands, names, type, results));
  }

  private DataType known(Site site, String name) {
    DataType type = types.get(name);
    if (type == null) {
      throw site.untrainable("reads '" + name + "', which nothing trainable writes");
    }
    return type;
  }

  private List<String> describe(List<String> names) {
    return names.stream()
        .map(
            name -> "'%s' %s%s".formatted(name, types.get(name), Arrays.toString(shapes.get(name))))
        .toList();
  }

  /** Why it cannot be played; empty when it can. */
  List<String> obstacles() {
    return List.copyOf(obstacles);
  }

  /**
   * Requires that it can be played.
   *
   * @throws Untrainable otherwise, with the first obstacle
   */
  void requirePlayable() {
    if (!obstacles.isEmpty()) {
      throw new Untrainable(obstacles.iterator().next());
    }
  }

  /** The nodes to play, in order. */
  List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Tensors known before playing, by name. */
  Map<String, Tensor> constants() {
    return Map.copyOf(constants);
  }

  /** Shape of a value; empty when it is not known. */
  Optional<long[]> shape(String name) {
    return Optional.ofNullable(shapes.get(name));
  }

  /** Element type of a value. */
  DataType type(String name) {
    return types.get(name);
  }
}
