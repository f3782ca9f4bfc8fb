package dev.espalier.engine.operator;

import java.util.Arrays;
import java.util.List;

/**
 * ONNX <a
 * href="https://onnx.ai/onnx/operators/onnx__BatchNormalization.html">BatchNormalization</a> of X
 * [n, c, …] as it acts in training (Ioffe and Szegedy 2015, arXiv:1502.03167): channels are
 * normalised by the batch's mean and variance, and the running statistics, which inference uses,
 * move towards them: r ← momentum·r + (1 − momentum)·batch, with the population variance, as ONNX
 * defines it. Where the statistics are constants (a frozen layer), or a batch has one number per
 * channel and so no variance, channels are normalised by the running statistics, which stay.
 */
final class BatchNormalization implements Operator.Computed {
  private final Site site;
  private final boolean frozen;

  BatchNormalization(Site site) {
    this.site = site;
    site.operands(5, 5);
    this.frozen = site.isConstant(3) || site.isConstant(4);
    if (site.opset() < 9 && site.node().integer("spatial", 1) == 0) {
      throw site.untrainable("normalises every element apart (spatial = 0)");
    }
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(5);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] x = operands.get(0);
    for (long[] vector : operands.subList(1, 5)) {
      if (x.length < 2 || !Arrays.equals(vector, new long[] {x[1]})) {
        throw site.mismatch(operands);
      }
    }
    return x;
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    float epsilon = site.node().real("epsilon", 1e-5f);
    float momentum = site.node().real("momentum", 0.9f);
    return new BatchNormalizationStep(operands, result, frozen, epsilon, momentum);
  }
}
