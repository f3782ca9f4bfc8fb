package dev.espalier.engine.mask;

import dev.espalier.contract.Granularity;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How a granularity divides the kernels of a graph. */
public final class Units {
  private final Granularity granularity;
  private final KernelMatrices matrices;
  private final Map<String, BlockGrid> grids = new HashMap<>();
  private final Map<String, GroupPattern> patterns = new HashMap<>();
  private final List<String> leftAlone = new ArrayList<>();

  /** The units of {@code graph}, of which kernels are added one by one. */
  public Units(Graph graph, Granularity granularity) {
    this.granularity = granularity;
    this.matrices = new KernelMatrices(graph);
  }

  /**
   * Adds a kernel; false, with the reason noted, when the granularity leaves it alone.
   *
   * @throws Refusal {@code operator-unsupported} when the granularity needs axes of the kernel that
   *     its uses do not agree on
   */
  public boolean add(Parameter parameter) {
    if (granularity instanceof Granularity.Block block) {
      grids.put(parameter.tensor(), new BlockGrid(matrices.of(parameter), block));
    }
    return !(granularity instanceof Granularity.NOfM pattern) || add(parameter, pattern);
  }

  private boolean add(Parameter parameter, Granularity.NOfM pattern) {
    List<Extent> inputs = matrices.of(parameter).inputs();
    int size = Extent.size(inputs);
    if (size < pattern.m()) {
      leftAlone.add(
          "'%s' has %d input%s to an output at each position, fewer than m = %d"
              .formatted(parameter.source(), size, size == 1 ? "" : "s", pattern.m()));
      return false;
    }
    if (inputs.size() > 1) {
      throw new Refusal(
          ReasonCode.OPERATOR_UNSUPPORTED,
          "the inputs of the weights '%s' do not lie along one axis, which a pattern needs; exclude layer '%s'"
              .formatted(parameter.source(), parameter.layer()));
    }
    patterns.put(parameter.tensor(), new GroupPattern(inputs.get(0), pattern));
    return true;
  }

  /** The removal of units from the kernels added. */
  public Removal removal() {
    if (granularity instanceof Granularity.Block block) {
      return new WholeBlocks(block, grids);
    }
    return granularity instanceof Granularity.NOfM
        ? new GroupPatterns(patterns)
        : new SingleWeights();
  }

  /** Kernels that the granularity leaves alone, each with the reason. */
  public List<String> leftAlone() {
    return List.copyOf(leftAlone);
  }
}
