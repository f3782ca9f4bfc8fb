package dev.espalier.engine.operator;

import java.util.Arrays;
import java.util.List;

/**
 * ONNX <a
 * href="https://onnx.ai/onnx/operators/onnx__GroupNormalization.html">GroupNormalization</a> of X
 * [n, c, …]: each group of neighbouring channels of each sample by its own statistics (Wu and He
 * 2018, arXiv:1803.08494). Scale and shift hold a number per group before opset 21 and per channel
 * from then on.
 */
record GroupNormalization(Site site) implements Operator.Computed {
  @Override
  public List<Integer> operands() {
    return Operator.leading(site.operands(3, 3));
  }

  private long groups() {
    return site.node().integer("num_groups", 0);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] x = operands.get(0);
    for (long[] vector : operands.subList(1, 3)) {
      if (x.length < 2
          || groups() < 1
          || x[1] % groups() != 0
          || !Arrays.equals(vector, new long[] {site.opset() < 21 ? groups() : x[1]})) {
        throw site.mismatch(operands);
      }
    }
    return x;
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    int sample = result.data().size() / (int) result.data().dimension(0);
    int shared = sample / operands.get(1).data().size();
    int[] slots = new int[sample];
    Arrays.setAll(slots, i -> i / shared);
    float epsilon = site.node().real("epsilon", 1e-5f);
    int length = sample / (int) groups();
    return new VectorNormalization(operands, result, length, slots, epsilon);
  }
}
