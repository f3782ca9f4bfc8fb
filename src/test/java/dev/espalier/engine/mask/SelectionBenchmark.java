package dev.espalier.engine.mask;

import dev.espalier.contract.Policy;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.Weights;
import dev.espalier.engine.score.Criterion;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;

/** Prints the CPU time of selecting and masking 25 million weights at 90 %, one thread. */
final class SelectionBenchmark {
  private static final int SIZE = 25_000_000;
  private static final int ROUNDS = 12;

  private SelectionBenchmark() {}

  public static void main(String[] arguments) {
    Tensor weights = Tensor.zeros(DataType.FLOAT, SIZE);
    SplittableRandom random = new SplittableRandom(1);
    FloatBuffer values = weights.floats();
    for (int i = 0; i < SIZE; i++) {
      values.put(i, (float) ((random.nextDouble() + random.nextDouble() - 1) * 0.1));
    }
    Criterion magnitude = Criterion.of(Policy.Criterion.MAGNITUDE, TestPolicies.policy(""));
    for (int round = 0; round < ROUNDS; round++) {
      Mask mask = Mask.keepAll(SIZE);
      Layer layer =
          new Layer(
              "all",
              List.of(new Candidates(magnitude.score(0, Weights.of(weights), null), mask)),
              SIZE,
              SIZE);
      Tensor masked = weights.copy();
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      Selection.of(Policy.Scope.GLOBAL, List.of(layer)).removeUntil(List.of(layer), SIZE / 10 * 9);
      long selected = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      mask.applyTo(masked.floats());
      long applied = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      System.out.printf(
          "select %.1f ms, apply %.1f ms, kept %d%n",
          (selected - start) / 1e6, (applied - selected) / 1e6, mask.keptCount());
    }
  }
}
