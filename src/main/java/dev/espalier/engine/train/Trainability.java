package dev.espalier.engine.train;

import dev.espalier.contract.Task;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.operator.Untrainable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Whether a graph can be trained. Answers without taking memory or loading native code. */
public final class Trainability {
  /** Any batch size but 1, so that a shape which only fits single samples shows. */
  private static final long BATCH = 2;

  private Trainability() {}

  /**
   * Why the graph cannot be trained for any task, as far as the likeliest is from it; empty when it
   * can for one. What its outputs mean is not recorded in it.
   */
  public static List<String> obstacles(Graph graph) {
    return Stream.of(Task.values())
        .map(task -> obstacles(graph, task))
        .min(Comparator.comparingInt(List::size))
        .orElseThrow();
  }

  /**
   * Why the graph cannot be trained for a task, each naming node and operator; empty when it can.
   * Where an input leaves its size open, shapes cannot be checked and operators alone are.
   */
  public static List<String> obstacles(Graph graph, Task task) {
    Plan plan = new Plan(graph, task);
    List<String> obstacles = new ArrayList<>(plan.obstacles());
    Set<String> statistics = plan.statistics();
    if (graph.parameters().stream().anyMatch(Parameter::frozen)
        && graph.parameters().stream()
            .allMatch(p -> p.frozen() || statistics.contains(p.tensor()))) {
      obstacles.add("every layer with weights is frozen");
    }
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
          plan.requireTrainable(trace, inputs);
        } catch (Untrainable e) {
          obstacles.add(String.valueOf(e.getMessage()));
        }
      }
    }
    return List.copyOf(obstacles);
  }
}
