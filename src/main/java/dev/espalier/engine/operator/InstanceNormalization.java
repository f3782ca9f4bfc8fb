package dev.espalier.engine.operator;

import java.util.Arrays;
import java.util.List;

/**
 * ONNX <a
 * href="https://onnx.ai/onnx/operators/onnx__InstanceNormalization.html">InstanceNormalization</a>
 * of X [n, c, …]: each channel of each sample by its own statistics (Ulyanov et al. 2016,
 * arXiv:1607.08022).
 */
record InstanceNormalization(Site site) implements Operator.Computed {
  @Override
  public List<Integer> operands() {
    return Operator.leading(site.operands(3, 3));
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] x = operands.get(0);
    for (long[] vector : operands.subList(1, 3)) {
      if (x.length < 3 || !Arrays.equals(vector, new long[] {x[1]})) {
        throw site.mismatch(operands);
      }
    }
    return x;
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    int channels = (int) result.data().dimension(1);
    int plane = result.data().size() / (int) result.data().dimension(0) / channels;
    int[] slots = new int[channels * plane];
    Arrays.setAll(slots, i -> i / plane);
    float epsilon = site.node().real("epsilon", 1e-5f);
    return new VectorNormalization(operands, result, plane, slots, epsilon);
  }
}
