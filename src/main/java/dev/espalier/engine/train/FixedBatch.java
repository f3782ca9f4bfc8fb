package dev.espalier.engine.train;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.HashMap;
import java.util.Map;

/**
 * A graph exported for one batch size, played with another: reshapes that keep the batch as their
 * first axis name the size they were exported for. Where such a reshape meets the batch it gets
 * that batch's size instead.
 */
final class FixedBatch {
  private final long declared;
  private final long actual;

  /**
   * Compares what the graph declares with what it is played with.
   *
   * @param inputs shapes of the inputs by name
   */
  FixedBatch(Graph graph, Map<String, long[]> inputs) {
    ValueInfo first = graph.inputs().get(0);
    long[] shape = inputs.getOrDefault(first.name(), new long[0]);
    declared = first.dimensions().isEmpty() ? ValueInfo.UNKNOWN : first.dimensions().get(0);
    actual = shape.length == 0 ? declared : shape[0];
  }

  /** The constants as the node is to see them. */
  Map<String, Tensor> constants(
      Node node, Map<String, Tensor> constants, Map<String, long[]> shapes) {
    if (declared == ValueInfo.UNKNOWN
        || declared == actual
        || !node.operator().equals("Reshape")
        || node.inputs().size() < 2) {
      return constants;
    }
    Tensor target = constants.get(node.inputs().get(1));
    long[] x = shapes.getOrDefault(node.inputs().get(0), new long[0]);
    boolean meets =
        target != null
            && target.type() == DataType.INT64
            && target.size() > 0
            && target.longs().get(0) == declared
            && x.length > 0
            && x[0] == actual;
    if (!meets) {
      return constants;
    }
    long[] sizes = target.toLongs();
    sizes[0] = actual;
    Map<String, Tensor> patched = new HashMap<>(constants);
    patched.put(node.inputs().get(1), Tensor.of(sizes, sizes.length));
    return patched;
  }
}
