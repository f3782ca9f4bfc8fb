package dev.espalier.engine.train;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.operator.Untrainable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether a graph can be trained. Answers without taking memory or loading native code. */
public final class Trainability {
  /** Any batch size but 1, so that a shape which only fits single samples shows. */
  private static final long BATCH = 2;

  private Trainability() {}

  /**
   * Why the graph cannot be trained, each naming node and operator; empty when it can. Where an
   * input leaves its size open, shapes cannot be checked and operators alone are.
   */
  public static List<String> obstacles(Graph graph) {
    Plan plan = new Plan(graph);
    List<String> obstacles = new ArrayList<>(plan.obstacles());
    Map<String, long[]> inputs = new HashMap<>();
    for (ValueInfo input : graph.inputs()) {
      long[] shape = input.dimensions().stream().mapToLong(Long::longValue).toArray();
      if (shape.length == 0) {
        obstacles.add("input '%s' has no batch axis".formatted(input.name()));
      } else {
        shape[0] = BATCH;
        inputs.put(input.name(), shape);
      }
    }
    if (obstacles.isEmpty() && graph.inputs().stream().noneMatch(ValueInfo::leavesSampleSizeOpen)) {
      Trace trace = plan.trace(inputs);
      obstacles.addAll(trace.obstacles());
      if (obstacles.isEmpty()) {
        try {
          plan.requireClasses(trace, inputs);
        } catch (Untrainable e) {
          obstacles.add(String.valueOf(e.getMessage()));
        }
      }
    }
    return List.copyOf(obstacles);
  }
}
