package dev.espalier.engine.surgery;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.infer.Forward;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** That a model computes without some channels what it computed while they were masked. */
public final class RemovalProof {
  /** Largest difference, in parts of the largest output. */
  private static final double TOLERANCE = 1e-5;

  private static final int SAMPLES = 3;

  private RemovalProof() {}

  /**
   * Runs both models on the same random inputs.
   *
   * @param masked with the channels, masked
   * @param removed without them
   * @param fewer whether something must be gone
   * @throws RemovalNotProven when an output differs by more than 1e-5 of the largest, or nothing is
   *     gone that must be
   */
  public static void require(Graph masked, Graph removed, boolean fewer) {
    if (fewer && elements(removed) >= elements(masked)) {
      throw new RemovalNotProven("no channel was removed");
    }
    for (int size : Probe.openSizes(masked)) {
      Map<String, Tensor> inputs = Probe.inputs(masked, SAMPLES, size, new Random(size));
      Map<String, Tensor> before;
      try {
        before = Forward.run(masked, inputs);
      } catch (Refusal e) {
        continue;
      }
      compare(masked, before, Forward.run(removed, inputs));
      return;
    }
    throw new RemovalNotProven("the masked model runs on no input that was tried");
  }

  private static long elements(Graph graph) {
    return graph.parameters().stream().mapToLong(p -> graph.tensor(p).size()).sum();
  }

  private static void compare(Graph graph, Map<String, Tensor> before, Map<String, Tensor> after) {
    for (ValueInfo output : graph.outputs()) {
      double difference =
          difference(
              Objects.requireNonNull(before.get(output.name())),
              Objects.requireNonNull(after.get(output.name())));
      if (!(difference <= TOLERANCE)) {
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
