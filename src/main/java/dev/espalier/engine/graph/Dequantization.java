package dev.espalier.engine.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A {@code DequantizeLinear} node that stands for an initializer: it writes the value of that name,
 * so that whatever reads it stays as it is.
 *
 * @param node reads the integers and their scale, writes the initializer's value
 * @param quantized what it reads
 */
public record Dequantization(Node node, QuantizedTensor quantized) {
  private static final String OPERATOR = "DequantizeLinear";

  /** Axis that a reader takes a node without the attribute to mean. */
  private static final int DEFAULT_AXIS = 1;

  /** Name of the initializer that holds the integers. */
  public String integers() {
    return node.inputs().get(0);
  }

  /** Name of the initializer that holds the scale. */
  public String scale() {
    return node.inputs().get(1);
  }

  /**
   * A graph with integers in the place of some initializers.
   *
   * @param quantized by initializer name
   */
  public static Graph insert(Graph graph, Map<String, QuantizedTensor> quantized) {
    Set<String> names = new HashSet<>(graph.initializers().keySet());
    graph.inputs().forEach(input -> names.add(input.name()));
    for (Node node : graph.nodes()) {
      names.add(node.name());
      names.addAll(node.outputs());
    }
    Map<String, Tensor> initializers = new LinkedHashMap<>();
    Map<String, Dequantization> inserted = new LinkedHashMap<>();
    graph
        .initializers()
        .forEach(
            (name, tensor) -> {
              QuantizedTensor form = quantized.get(name);
              if (form == null) {
                initializers.put(name, tensor);
                return;
              }
              Dequantization made = of(name, form, names);
              inserted.put(name, made);
              initializers.put(made.integers(), form.integers());
              initializers.put(made.scale(), form.scale());
            });
    List<Node> nodes = new ArrayList<>();
    inserted.values().forEach(made -> nodes.add(made.node()));
    nodes.addAll(graph.nodes());
    List<Parameter> parameters =
        graph.parameters().stream()
            .map(p -> inserted.containsKey(p.tensor()) ? inserted.get(p.tensor()).of(p) : p)
            .toList();
    return new Graph(
        graph.opset(), graph.inputs(), graph.outputs(), nodes, initializers, parameters);
  }

  private static Dequantization of(String tensor, QuantizedTensor form, Set<String> names) {
    List<String> inputs =
        List.of(unique(tensor + "_quantized", names), unique(tensor + "_scale", names));
    Map<String, Attribute> attributes =
        form.perChannel() ? Map.of("axis", new Attribute.Int(form.axis())) : Map.of();
    String name = unique(tensor + "_" + OPERATOR, names);
    return new Dequantization(new Node(name, OPERATOR, inputs, List.of(tensor), attributes), form);
  }

  private static String unique(String wanted, Set<String> names) {
    String name = wanted;
    for (int i = 1; !names.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  private Parameter of(Parameter parameter) {
    int axis = quantized.perChannel() ? quantized.axis() : DEFAULT_AXIS;
    return new Parameter(
        integers(),
        integers(),
        parameter.layer(),
        parameter.role(),
        new Quantization(scale(), null, axis));
  }

  /**
   * What was inserted into a graph.
   *
   * @param before the graph without
   * @return by name of the initializer that each stands for
   */
  public static Map<String, Dequantization> inserted(Graph before, Graph after) {
    Map<String, Dequantization> inserted = new LinkedHashMap<>();
    for (Node node : after.nodes()) {
      String output = node.outputs().isEmpty() ? "" : node.outputs().get(0);
      Tensor integers = node.input(0).map(after.initializers()::get).orElse(null);
      Tensor scale = node.input(1).map(after.initializers()::get).orElse(null);
      if (node.operator().equals(OPERATOR)
          && before.initializers().containsKey(output)
          && integers != null
          && scale != null) {
        int axis = (int) node.integer("axis", DEFAULT_AXIS);
        inserted.put(output, new Dequantization(node, new QuantizedTensor(integers, scale, axis)));
      }
    }
    return inserted;
  }

  /**
   * The same model without what was inserted: real numbers where integers stand, under the names
   * they had before.
   */
  public static Graph undone(Graph before, Graph after) {
    Map<String, Dequantization> inserted = inserted(before, after);
    if (inserted.isEmpty()) {
      return after;
    }
    Map<String, String> names = new LinkedHashMap<>();
    Set<String> scales = new HashSet<>();
    List<Node> nodes = new ArrayList<>(after.nodes());
    inserted.forEach(
        (name, made) -> {
          names.put(made.integers(), name);
          scales.add(made.scale());
          nodes.remove(made.node());
        });
    Map<String, Tensor> initializers = new LinkedHashMap<>();
    after
        .initializers()
        .forEach(
            (name, tensor) -> {
              String real = names.get(name);
              if (real != null) {
                initializers.put(real, inserted.get(real).quantized().real());
              } else if (!scales.contains(name)) {
                initializers.put(name, tensor);
              }
            });
    Map<String, Parameter> known = new LinkedHashMap<>();
    before.parameters().forEach(p -> known.put(p.tensor(), p));
    List<Parameter> parameters =
        after.parameters().stream()
            .map(p -> known.getOrDefault(names.getOrDefault(p.tensor(), ""), p))
            .toList();
    return new Graph(
        after.opset(), after.inputs(), after.outputs(), nodes, initializers, parameters);
  }
}
