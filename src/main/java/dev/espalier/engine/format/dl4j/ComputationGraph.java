package dev.espalier.engine.format.dl4j;

import static dev.espalier.contract.ReasonCode.LAYER_UNSUPPORTED;

import dev.espalier.contract.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Vertices that take the outputs of others.
 *
 * @param inputs names of what callers feed
 * @param outputs names of the vertices callers get
 * @param vertices by name, in the order in which their parameters lie in the file
 * @param sources names of what each vertex takes
 */
record ComputationGraph(
    List<String> inputs,
    List<String> outputs,
    Map<String, Fields> vertices,
    Map<String, List<String>> sources)
    implements Network {

  static ComputationGraph of(Fields root) {
    List<String> inputs = root.texts("networkInputs");
    List<String> outputs = root.texts("networkOutputs");
    Fields vertices = root.requiredObject("vertices");
    Fields taken = root.requiredObject("vertexInputs");
    if (inputs.isEmpty() || outputs.isEmpty() || vertices.names().isEmpty()) {
      throw root.malformed("the graph has no inputs, outputs or vertices");
    }
    Map<String, List<String>> sources = new LinkedHashMap<>();
    for (String name : vertices.names()) {
      sources.put(name, taken.texts(name));
    }
    requireSound(root, inputs, outputs, sources);
    Map<String, Fields> ordered = new LinkedHashMap<>();
    for (String name : VertexOrder.of(root, inputs, sources)) {
      ordered.put(name, vertices.requiredObject(name).described("vertex '" + name + "'"));
    }
    return new ComputationGraph(inputs, outputs, ordered, sources);
  }

  private static void requireSound(
      Fields root, List<String> inputs, List<String> outputs, Map<String, List<String>> sources) {
    Set<String> all = new HashSet<>(sources.keySet());
    for (String input : inputs) {
      if (!all.add(input)) {
        throw root.malformed("input '" + input + "' is also a vertex or listed twice");
      }
    }
    sources.forEach(
        (vertex, takes) -> {
          if (takes.isEmpty()) {
            throw root.malformed("vertex '" + vertex + "' takes nothing");
          }
          takes.stream()
              .filter(name -> !all.contains(name))
              .findFirst()
              .ifPresent(
                  name -> {
                    throw root.malformed(
                        "vertex '%s' takes '%s', which does not exist".formatted(vertex, name));
                  });
        });
    if (new HashSet<>(outputs).size() != outputs.size() || !sources.keySet().containsAll(outputs)) {
      throw root.malformed("outputs " + outputs + " are not all vertices, each once");
    }
  }

  @Override
  public Assembly.Assembled assemble(Coefficients coefficients) {
    Map<String, Value> values = new HashMap<>();
    Map<String, Vertex> read = new LinkedHashMap<>();
    vertices.forEach(
        (name, fields) ->
            read.put(
                name,
                VertexReader.read(name, fields, input -> Optional.ofNullable(values.get(input)))));
    Assembly graph = new Assembly(coefficients);
    Map<String, Flow> flows = flowsBefore(read);
    for (String input : inputs) {
      Flow flow = flows.get(input);
      if (flow == null) {
        throw new Refusal(
            LAYER_UNSUPPORTED, "nothing tells the size of the network's input '" + input + "'");
      }
      values.put(input, graph.input(input, flow));
    }
    read.forEach(
        (name, vertex) -> {
          List<Value> taken = new ArrayList<>();
          sources.getOrDefault(name, List.of()).forEach(from -> taken.add(valueOf(values, from)));
          values.put(name, vertex.appendTo(graph, taken));
        });
    outputs.forEach(name -> graph.output(name, valueOf(values, name)));
    return graph.finish();
  }

  private static Value valueOf(Map<String, Value> values, String name) {
    Value value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("'" + name + "' is used before it is computed");
    }
    return value;
  }

  /** What inputs and vertices must give, as those that take it tell; from the last backwards. */
  private Map<String, Flow> flowsBefore(Map<String, Vertex> read) {
    Map<String, Flow> flows = new HashMap<>();
    List<String> names = new ArrayList<>(read.keySet());
    for (int i = names.size() - 1; i >= 0; i--) {
      String name = names.get(i);
      Optional<Flow> after = Optional.ofNullable(flows.get(name));
      Optional.ofNullable(read.get(name))
          .flatMap(vertex -> vertex.before(after))
          .ifPresent(
              flow ->
                  sources
                      .getOrDefault(name, List.of())
                      .forEach(from -> flows.merge(from, flow, ComputationGraph::moreTold)));
    }
    return flows;
  }

  private static Flow moreTold(Flow one, Flow other) {
    return one.width().isKnown() ? one : other;
  }
}
