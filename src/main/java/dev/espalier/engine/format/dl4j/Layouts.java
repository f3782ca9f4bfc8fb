package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Changes between Deeplearning4j's arrangements of values and ours. */
final class Layouts {
  private Layouts() {}

  /** Puts channels behind the batch. */
  static Value ours(Assembly graph, String layer, Value value) {
    if (value.flow() instanceof Flow.Image image && image.channelsLast()) {
      return transposed(graph, layer, value, 0, 3, 1, 2);
    }
    if (value.flow() instanceof Flow.Sequence sequence && sequence.channelsLast()) {
      return transposed(graph, layer, value, 0, 2, 1);
    }
    return value;
  }

  /** Puts channels where Deeplearning4j has them, and time steps into the batch. */
  static Value theirs(Assembly graph, String layer, Value value) {
    if (value.flow() instanceof Flow.Image image && image.channelsLast()) {
      return transposed(graph, layer, value, 0, 2, 3, 1);
    }
    if (value.flow() instanceof Flow.Sequence sequence && sequence.channelsLast()) {
      return transposed(graph, layer, value, 0, 2, 1);
    }
    if (value.flow() instanceof Flow.Steps) {
      return reshaped(
          graph, layer, transposed(graph, layer, value, 1, 0, 2), -1, value.flow().width().size());
    }
    return value;
  }

  /** Reorders axes. */
  static Value transposed(Assembly graph, String layer, Value value, long... axes) {
    List<Long> order = Arrays.stream(axes).boxed().toList();
    return graph.append(layer, "Transpose", value, Map.of("perm", new Attribute.Ints(order)));
  }

  /** Gives another shape; −1 is what is left. */
  static Value reshaped(Assembly graph, String layer, Value value, long... shape) {
    return graph.append(layer, "Reshape", value, graph.integers(layer + "/Reshape/shape", shape));
  }

  /** Vectors of time steps from a sequence. */
  static Value steps(Assembly graph, String layer, Value sequence) {
    return transposed(graph, layer, sequence, 0, 2, 1).as(new Flow.Steps(sequence.flow().width()));
  }

  /** A sequence from vectors of time steps. */
  static Value sequence(Assembly graph, String layer, Value steps, boolean channelsLast) {
    return transposed(graph, layer, steps, 0, 2, 1)
        .as(new Flow.Sequence(steps.flow().width(), channelsLast));
  }

  /**
   * Takes the time steps out of the batch: [n·t, …] becomes [n, t, features].
   *
   * @param like name of a value [n, ·, t]
   */
  static Value unfolded(Assembly graph, String layer, Value folded, String like, Width features) {
    String sizes = graph.node(layer, "Shape", List.of(like), Map.of(), 1).get(0);
    String batchAndSteps =
        graph
            .node(
                layer,
                "Gather",
                List.of(
                    sizes, graph.constant(layer + "/Gather/axes", Tensor.of(new long[] {0, 2}, 2))),
                Map.of(),
                1)
            .get(0);
    String shape =
        graph
            .node(
                layer,
                "Concat",
                List.of(batchAndSteps, graph.integers(layer + "/Concat/features", features.size())),
                Map.of("axis", new Attribute.Int(0)),
                1)
            .get(0);
    return graph.append(layer, "Reshape", folded, shape).as(new Flow.Steps(features));
  }
}
