package dev.espalier.engine.surgery;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.train.StaticShapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The shapes of all values of a graph for one sample, and the integers that it computes from
 * shapes. Where every operator has a shape rule they are inferred. Otherwise they are measured, by
 * running the model with nodes added that tell them: so every operator is known that the runtime
 * knows.
 */
final class KnownShapes {
  private static final String SHAPE_OF = "espalier/shape/";
  private static final String CONTENT_OF = "espalier/content/";
  private static final String FLAT = "espalier/flat";

  /** Operators that may write sequences. */
  private static final Set<String> UNTOLD =
      Set.of(
          "If",
          "Loop",
          "Scan",
          "Optional",
          "OptionalGetElement",
          "SequenceConstruct",
          "SequenceEmpty",
          "SequenceErase",
          "SequenceInsert",
          "SequenceMap",
          "SplitToSequence");

  /** Operators by which exporters compute shapes from shapes. */
  private static final Set<String> ARITHMETIC =
      Set.of(
          "Add",
          "Cast",
          "Ceil",
          "Concat",
          "Div",
          "Equal",
          "Expand",
          "Floor",
          "Gather",
          "Identity",
          "Max",
          "Min",
          "Mod",
          "Mul",
          "Neg",
          "Reshape",
          "Range",
          "ReduceProd",
          "ReduceSum",
          "Slice",
          "ScatterND",
          "Squeeze",
          "Sub",
          "Unsqueeze",
          "Where",
          "Flatten",
          "Transpose",
          "Split");

  private final Map<String, List<Long>> shapes = new HashMap<>();
  private final Map<String, long[]> contents = new HashMap<>();

  private KnownShapes() {}

  /**
   * The shapes of a graph.
   *
   * @throws dev.espalier.contract.Refusal when it has to be run for that, and the runtime does not
   *     load or run it
   */
  static KnownShapes of(Graph graph) {
    return inferred(graph).orElseGet(() -> measured(graph));
  }

  /** The shapes of a graph without running it; empty when they are not all known. */
  static Optional<KnownShapes> inferred(Graph graph) {
    StaticShapes known = StaticShapes.of(graph);
    KnownShapes found = ofInitializers(graph);
    for (String value : values(graph, Set.of())) {
      long[] shape = known.shapes().get(value);
      if (shape == null) {
        return Optional.empty();
      }
      found.shapes.put(value, Arrays.stream(shape).boxed().toList());
    }
    for (String value : integers(graph)) {
      Tensor content = known.constants().get(value);
      if (content == null || content.type() != DataType.INT64) {
        return Optional.empty();
      }
      found.contents.put(value, content.toLongs());
    }
    return Optional.of(found);
  }

  private static KnownShapes ofInitializers(Graph graph) {
    KnownShapes found = new KnownShapes();
    graph
        .initializers()
        .forEach(
            (name, tensor) ->
                found.shapes.put(name, Arrays.stream(tensor.shape()).boxed().toList()));
    return found;
  }

  /** The shapes of a graph as the runtime has them. */
  static KnownShapes measured(Graph graph) {
    KnownShapes found = ofInitializers(graph);
    for (Map.Entry<String, Tensor> told : told(graph).entrySet()) {
      String name = told.getKey();
      long[] values = told.getValue().toLongs();
      if (name.startsWith(SHAPE_OF)) {
        found.shapes.put(name.substring(SHAPE_OF.length()), Arrays.stream(values).boxed().toList());
      } else {
        found.contents.put(name.substring(CONTENT_OF.length()), values);
      }
    }
    return found;
  }

  private static Map<String, Tensor> told(Graph graph) {
    try {
      return Probe.run(telling(graph, Set.of()), 1);
    } catch (Refusal e) {
      // Not everything that these write is a tensor with a shape.
      if (graph.nodes().stream().noneMatch(n -> UNTOLD.contains(n.operator()))) {
        throw e;
      }
      return Probe.run(telling(graph, UNTOLD), 1);
    }
  }

  private static Graph telling(Graph graph, Set<String> untold) {
    Map<String, Tensor> initializers = new LinkedHashMap<>(graph.initializers());
    initializers.put(FLAT, Tensor.of(new long[] {-1}, 1));
    List<Node> nodes = new ArrayList<>(graph.nodes());
    List<ValueInfo> outputs = new ArrayList<>();
    for (String value : values(graph, untold)) {
      append(nodes, outputs, "Shape", List.of(value), SHAPE_OF + value, Map.of());
    }
    for (String value : integers(graph)) {
      String wide = "espalier/wide/" + value;
      nodes.add(
          new Node(
              wide,
              "Cast",
              List.of(value),
              List.of(wide),
              Map.of("to", new Attribute.Int(DataType.INT64.onnxCode()))));
      append(nodes, outputs, "Reshape", List.of(wide, FLAT), CONTENT_OF + value, Map.of());
    }
    return new Graph(
        graph.opset(), graph.inputs(), outputs, nodes, initializers, graph.parameters());
  }

  /** The values of a graph, but for what some operators write. */
  private static List<String> values(Graph graph, Set<String> untold) {
    List<String> values =
        graph.inputs().stream()
            .map(ValueInfo::name)
            .collect(Collectors.toCollection(ArrayList::new));
    graph.nodes().stream()
        .filter(node -> !untold.contains(node.operator()))
        .forEach(node -> node.outputs().stream().filter(o -> !o.isEmpty()).forEach(values::add));
    return values;
  }

  private static void append(
      List<Node> nodes,
      List<ValueInfo> outputs,
      String operator,
      List<String> inputs,
      String output,
      Map<String, Attribute> attributes) {
    nodes.add(new Node(output, operator, inputs, List.of(output), attributes));
    outputs.add(new ValueInfo(output, DataType.INT64, List.of(ValueInfo.UNKNOWN)));
  }

  /** Values that are computed from shapes and stored integers alone. */
  private static List<String> integers(Graph graph) {
    Set<String> known = new HashSet<>();
    graph
        .initializers()
        .forEach(
            (name, tensor) -> {
              if (tensor.type() == DataType.INT64 || tensor.type() == DataType.INT32) {
                known.add(name);
              }
            });
    List<String> computed = new ArrayList<>();
    for (Node node : graph.nodes()) {
      boolean fromIntegers =
          ARITHMETIC.contains(node.operator())
              && node.inputs().stream().allMatch(i -> i.isEmpty() || known.contains(i));
      if (fromIntegers || node.operator().equals("Shape") || node.operator().equals("Size")) {
        node.outputs().stream().filter(o -> !o.isEmpty()).forEach(computed::add);
        known.addAll(node.outputs());
      }
    }
    return computed;
  }

  /** The shape of a value; empty also where it has none. */
  List<Long> shape(String value) {
    return shapes.getOrDefault(value, List.of());
  }

  /** The integers in a value that is computed from shapes and stored integers alone. */
  Optional<long[]> content(String value) {
    return Optional.ofNullable(contents.get(value)).map(long[]::clone);
  }
}
