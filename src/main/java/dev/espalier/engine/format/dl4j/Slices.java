package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Tensor;
import java.util.Map;

/** Parts of values. */
final class Slices {
  private Slices() {}

  /** Elements from {@code starts} to before {@code ends} of some axes; negative from the end. */
  static Value of(
      Assembly graph, String layer, Value value, long[] starts, long[] ends, long... axes) {
    return graph.append(
        layer,
        "Slice",
        value,
        graph.integers(layer + "/starts", starts),
        graph.integers(layer + "/ends", ends),
        graph.integers(layer + "/axes", axes));
  }

  /** A sequence with its last time step first. */
  static Value reversed(Assembly graph, String layer, Value value) {
    return graph.append(
        layer,
        "Slice",
        value,
        graph.integers(layer + "/starts", -1),
        graph.integers(layer + "/ends", Long.MIN_VALUE),
        graph.integers(layer + "/axes", 2),
        graph.integers(layer + "/steps", -1));
  }

  /** One time step of a sequence; −1 is the last. */
  static Value timeStep(Assembly graph, String layer, Value value, long step) {
    return graph
        .append(
            layer,
            "Gather",
            value,
            Map.of("axis", new Attribute.Int(2)),
            graph.constant(layer + "/step", Tensor.of(new long[] {step}, new long[0])))
        .as(new Flow.Flat(value.flow().width()));
  }
}
