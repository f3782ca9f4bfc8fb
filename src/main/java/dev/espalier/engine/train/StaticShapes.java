package dev.espalier.engine.train;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.HashMap;
import java.util.Map;

/**
 * Shapes of a graph's values without running it, from the operators' shape rules.
 *
 * @param shapes by value name, of one sample or, where the graph takes a fixed number, as many;
 *     what depends on an operator without a rule is not among them
 * @param constants values that depend on shapes and constants alone, by name, with the graph's
 *     constants among them
 */
public record StaticShapes(Map<String, long[]> shapes, Map<String, Tensor> constants) {
  private static final StaticShapes NONE = new StaticShapes(Map.of(), Map.of());

  /** Copies the maps. */
  public StaticShapes {
    shapes = Map.copyOf(shapes);
    constants = Map.copyOf(constants);
  }

  /** What can be said of a graph; nothing where an input leaves its size open. */
  public static StaticShapes of(Graph graph) {
    if (graph.inputs().isEmpty()) {
      return NONE;
    }
    Map<String, long[]> inputs = new HashMap<>();
    for (ValueInfo input : graph.inputs()) {
      long[] shape = input.dimensions().stream().mapToLong(Long::longValue).toArray();
      if (input.leavesSampleSizeOpen()) {
        return NONE;
      }
      if (shape.length > 0 && shape[0] == ValueInfo.UNKNOWN) {
        shape[0] = 1;
      }
      inputs.put(input.name(), shape);
    }
    Map<String, Tensor> constants = new HashMap<>(graph.initializers());
    graph.parameters().stream().map(Parameter::tensor).forEach(constants::remove);
    Trace trace = new Trace(graph, graph.nodes(), constants, inputs);
    Map<String, long[]> shapes = new HashMap<>(inputs);
    for (Node node : graph.nodes()) {
      for (String name : node.outputs()) {
        trace.shape(name).ifPresent(shape -> shapes.put(name, shape));
      }
    }
    return new StaticShapes(shapes, trace.constants());
  }
}
