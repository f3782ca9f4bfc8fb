package dev.espalier.engine.mask;

import dev.espalier.contract.Granularity;
import dev.espalier.contract.Policy;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.Weights;
import dev.espalier.engine.score.Criterion;
import dev.espalier.engine.score.Scores;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Prints the CPU time of masks for patterns and blocks of 25 million weights, one thread. */
final class PatternBenchmark {
  private static final int SIDE = 5_000;
  private static final int ROUNDS = 8;

  private PatternBenchmark() {}

  public static void main(String[] arguments) {
    Tensor tensor = Tensor.zeros(DataType.FLOAT, SIDE, SIDE);
    SplittableRandom random = new SplittableRandom(1);
    FloatBuffer values = tensor.floats();
    for (int i = 0; i < tensor.size(); i++) {
      values.put(i, (float) ((random.nextDouble() + random.nextDouble() - 1) * 0.1));
    }
    Scores scores =
        Criterion.of(Policy.Criterion.MAGNITUDE, TestPolicies.policy(""))
            .score(0, Weights.of(tensor), null);
    Granularity.NOfM half = new Granularity.NOfM(2, 4);
    Granularity.Block block = new Granularity.Block(4, 1);
    Extent rows = new Extent(SIDE, SIDE);
    Extent columns = new Extent(SIDE, 1);
    KernelMatrix turned = new KernelMatrix(List.of(columns), List.of(), List.of(rows));
    KernelMatrix straight = new KernelMatrix(List.of(rows), List.of(), List.of(columns));
    for (int round = 0; round < ROUNDS; round++) {
      time(
          "2:4, [out, in]",
          new GroupPatterns(Map.of("w", new GroupPattern(columns, half))),
          scores);
      time("2:4, [in, out]", new GroupPatterns(Map.of("w", new GroupPattern(rows, half))), scores);
      time(
          "4 x 1, [out, in]",
          new WholeBlocks(block, Map.of("w", new BlockGrid(straight, block))),
          scores);
      time(
          "4 x 1, [in, out]",
          new WholeBlocks(block, Map.of("w", new BlockGrid(turned, block))),
          scores);
      time("weights", new SingleWeights(), scores);
    }
  }

  private static void time(String what, Removal removal, Scores scores) {
    Mask mask = Mask.keepAll(scores.size());
    ScoredLayer layer =
        new ScoredLayer(
            "all", List.of(new ScoredLayer.Part("w", scores, mask)), 2L * SIDE, scores.size());
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    removal.removeUntil(List.of(layer), Policy.Scope.GLOBAL, scores.size() / 2);
    long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    System.out.printf("%s: %.1f ms, kept %d%n", what, (end - start) / 1e6, mask.keptCount());
  }
}
