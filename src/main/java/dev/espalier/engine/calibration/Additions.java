package dev.espalier.engine.calibration;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** A graph and what is added to it, in the operator set that the graph is written in. */
final class Additions {
  /** Operator sets in which axes and bounds became inputs. */
  private static final int REDUCE_AXES_AS_INPUT = 18;

  private static final int SLICE_BOUNDS_AS_INPUT = 10;

  private final Graph graph;
  private final List<Node> nodes;
  private final Map<String, Tensor> initializers;
  private final Set<String> names = new HashSet<>();

  Additions(Graph graph) {
    this.graph = graph;
    nodes = new ArrayList<>(graph.nodes());
    initializers = new LinkedHashMap<>(graph.initializers());
    names.addAll(initializers.keySet());
    graph.inputs().forEach(input -> names.add(input.name()));
    for (Node node : nodes) {
      names.add(node.name());
      names.addAll(node.inputs());
      names.addAll(node.outputs());
    }
  }

  private String fresh() {
    String name = "calibration/" + names.size();
    while (!names.add(name)) {
      name += "'";
    }
    return name;
  }

  /** Adds a node; returns the name of its only result. */
  String add(String operator, Map<String, Attribute> attributes, List<String> inputs) {
    String result = fresh();
    nodes.add(new Node(result, operator, inputs, List.of(result), attributes));
    return result;
  }

  /** Adds a constant; returns its name. */
  String constant(Tensor tensor) {
    String name = fresh();
    initializers.put(name, tensor);
    return name;
  }

  String integers(long... values) {
    return constant(Tensor.of(values, values.length));
  }

  String reshape(String value, long... shape) {
    return add("Reshape", Map.of(), List.of(value, integers(shape)));
  }

  String transpose(String value, int... order) {
    List<Long> axes = Arrays.stream(order).mapToObj(Long::valueOf).toList();
    return add("Transpose", Map.of("perm", new Attribute.Ints(axes)), List.of(value));
  }

  /** The part of a value at one index of an axis, without that axis. */
  String gather(String value, int axis, long index) {
    return gather(value, axis, constant(Tensor.of(new long[] {index})));
  }

  /** The parts of a value at indices [from, to) of an axis. */
  String gather(String value, int axis, int from, int to) {
    return gather(value, axis, integers(IntStream.range(from, to).mapToLong(i -> i).toArray()));
  }

  private String gather(String value, int axis, String indices) {
    return add("Gather", Map.of("axis", new Attribute.Int(axis)), List.of(value, indices));
  }

  String concat(int axis, String... values) {
    return add("Concat", Map.of("axis", new Attribute.Int(axis)), List.of(values));
  }

  String slice(String value, long axis, long start, long end) {
    if (graph.opset() >= SLICE_BOUNDS_AS_INPUT) {
      List<String> inputs = List.of(value, integers(start), integers(end), integers(axis));
      return add("Slice", Map.of(), inputs);
    }
    return add(
        "Slice",
        Map.of("starts", ints(start), "ends", ints(end), "axes", ints(axis)),
        List.of(value));
  }

  /** ReduceL2 or ReduceSumSquare over one axis. */
  String reduce(String operator, String value, long axis, boolean keep) {
    Attribute kept = new Attribute.Int(keep ? 1 : 0);
    return graph.opset() >= REDUCE_AXES_AS_INPUT
        ? add(operator, Map.of("keepdims", kept), List.of(value, integers(axis)))
        : add(operator, Map.of("keepdims", kept, "axes", ints(axis)), List.of(value));
  }

  private static Attribute ints(long value) {
    return new Attribute.Ints(List.of(value));
  }

  /** Name of a node's result, which is given one when it has none. */
  String output(Node node, int index) {
    int at = IntStream.range(0, nodes.size()).filter(i -> named(i, node)).findFirst().orElseThrow();
    List<String> outputs = new ArrayList<>(nodes.get(at).outputs());
    while (outputs.size() <= index) {
      outputs.add("");
    }
    if (outputs.get(index).isEmpty()) {
      outputs.set(index, fresh());
      nodes.set(
          at, new Node(node.name(), node.operator(), node.inputs(), outputs, node.attributes()));
    }
    return outputs.get(index);
  }

  private boolean named(int i, Node node) {
    return nodes.get(i).name().equals(node.name());
  }

  /**
   * The part of the graph that computes some values, as its outputs.
   *
   * @param outputs float32 values and their ranks
   */
  Graph computing(Map<String, Integer> outputs) {
    List<Node> kept = readsOutside() ? nodes : ancestors(outputs.keySet());
    Map<String, Tensor> constants = new LinkedHashMap<>(initializers);
    if (!readsOutside()) {
      Set<String> read = new HashSet<>();
      kept.forEach(node -> read.addAll(node.inputs()));
      constants.keySet().retainAll(read);
    }
    List<ValueInfo> results = new ArrayList<>();
    outputs.forEach(
        (name, rank) -> {
          Long[] open = new Long[rank];
          Arrays.fill(open, ValueInfo.UNKNOWN);
          results.add(new ValueInfo(name, DataType.FLOAT, List.of(open)));
        });
    return new Graph(graph.opset(), graph.inputs(), results, kept, constants, List.of());
  }

  /** Whether nested graphs may read values that no node names as its input. */
  private boolean readsOutside() {
    return nodes.stream()
        .flatMap(node -> node.attributes().values().stream())
        .anyMatch(Attribute.Opaque.class::isInstance);
  }

  private List<Node> ancestors(Set<String> values) {
    Map<String, Node> writers = new HashMap<>();
    nodes.forEach(node -> node.outputs().forEach(output -> writers.put(output, node)));
    Set<String> wanted = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(values);
    while (!open.isEmpty()) {
      Node writer = writers.get(open.remove());
      if (writer != null && wanted.add(writer.name())) {
        open.addAll(writer.inputs());
      }
    }
    return nodes.stream().filter(node -> wanted.contains(node.name())).toList();
  }
}
