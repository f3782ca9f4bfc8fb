package dev.espalier.engine.calibration;

import dev.espalier.engine.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The states that a recurrent layer hands from step to step: those it writes, without the last, and
 * the one it starts from. Groups are directions.
 *
 * @param node the layer, of ONNX layout 0: states are [steps, directions, samples, units]
 * @param directions number of directions
 * @param units numbers per state
 */
record StateInputs(Node node, int directions, int units) implements Inputs {
  private static final int INITIAL_STATE = 5;

  @Override
  public Observed observe(Additions graph, boolean squares) {
    String states = Operand.real(graph.output(node, 0)).asFloats(graph);
    String direction = node.text("direction", "forward");
    List<String> parts = new ArrayList<>();
    for (int d = 0; d < directions; d++) {
      boolean forward = !direction.equals("reverse") && d == 0;
      // [steps, samples, units] of one direction.
      String own = graph.gather(states, 1, d);
      String before = forward ? graph.slice(own, 0, 0, -1) : graph.slice(own, 0, 1, Long.MAX_VALUE);
      String rows = graph.reshape(before, 1, -1, units);
      Optional<String> initial = node.input(INITIAL_STATE);
      if (initial.isPresent()) {
        String start = graph.gather(Operand.real(initial.get()).asFloats(graph), 0, d);
        rows = graph.concat(1, rows, graph.reshape(start, 1, -1, units));
      }
      parts.add(rows);
    }
    return new Observed(graph.concat(0, parts.toArray(String[]::new)), 2);
  }
}
