package dev.espalier.engine.surgery;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.infer.Forward;
import dev.espalier.engine.infer.TrialInputs;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * That a model computes without some channels what it computed while they were masked: on samples
 * of the data it is used with, and on noise.
 *
 * @param inputs the samples and the noise
 */
public record RemovalProof(TrialInputs inputs) {
  /** Largest difference, in parts of the largest output. */
  private static final double TOLERANCE = 1e-5;

  /** The same where a model computes in halves: some units in the last of their 11 places. */
  private static final double HALF_TOLERANCE = 0x1p-9;

  /**
   * Runs both models on the same inputs.
   *
   * @param masked with the channels, masked
   * @param removed without them
   * @throws RemovalNotProven when an output differs by more than 1e-5 of the largest (2⁻⁹ where the
   *     model computes in half precision), or nothing is gone
   * @throws Refusal when the masked model does not run on the samples
   */
  public void require(Graph masked, Graph removed) {
    if (elements(removed) >= elements(masked)) {
      throw new RemovalNotProven("no channel was removed");
    }
    List<Map<String, Tensor>> tried = inputs.batches();
    List<Map<String, Tensor>> before = before(masked, tried);
    List<Map<String, Tensor>> after = Forward.run(removed, tried.subList(0, before.size()));
    for (int i = 0; i < after.size(); i++) {
      compare(masked, before.get(i), after.get(i));
    }
  }

  /** Samples run on any model that has been scored; there are models that no noise runs on. */
  private static List<Map<String, Tensor>> before(Graph masked, List<Map<String, Tensor>> tried) {
    try {
      return Forward.run(masked, tried);
    } catch (Refusal e) {
      return Forward.run(masked, tried.subList(0, 1));
    }
  }

  private static long elements(Graph graph) {
    return graph.parameters().stream().mapToLong(p -> graph.tensor(p).size()).sum();
  }

  private static double tolerance(Graph graph) {
    boolean half =
        graph.initializers().values().stream().anyMatch(t -> t.type() == DataType.FLOAT16)
            || graph.outputs().stream().anyMatch(output -> output.type() == DataType.FLOAT16);
    return half ? HALF_TOLERANCE : TOLERANCE;
  }

  private static void compare(Graph graph, Map<String, Tensor> before, Map<String, Tensor> after) {
    double tolerance = tolerance(graph);
    for (ValueInfo output : graph.outputs()) {
      double difference =
          difference(
              Objects.requireNonNull(before.get(output.name())),
              Objects.requireNonNull(after.get(output.name())));
      if (!(difference <= tolerance)) {
        throw new RemovalNotProven(
            "output '%s' differs by %.2g of its size after channels were removed"
                .formatted(output.name(), difference));
      }
    }
  }

  /**
   * Largest difference of two tensors, in parts of the largest number; what is NaN must stay so.
   */
  private static double difference(Tensor before, Tensor after) {
    if (!Arrays.equals(before.shape(), after.shape())) {
      return Double.POSITIVE_INFINITY;
    }
    if (before.type() != DataType.FLOAT) {
      return before.bytes().equals(after.bytes()) ? 0 : Double.POSITIVE_INFINITY;
    }
    float[] was = before.toFloats();
    float[] is = after.toFloats();
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < was.length; i++) {
      if (Float.compare(was[i], is[i]) != 0) {
        difference = Math.max(difference, Math.abs((double) was[i] - is[i]));
      }
      if (Float.isFinite(was[i])) {
        largest = Math.max(largest, Math.abs(was[i]));
      }
    }
    return difference == 0 ? 0 : difference / Math.max(largest, Float.MIN_NORMAL);
  }
}
