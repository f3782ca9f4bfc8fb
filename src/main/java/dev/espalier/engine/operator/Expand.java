package dev.espalier.engine.operator;

import java.util.List;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Expand.html">Expand</a>: the operand repeated
 * to what its shape and a constant one broadcast to.
 */
final class Expand implements Movement {
  private final Site site;
  private final long[] target;

  Expand(Site site) {
    this.site = site;
    this.target = site.integers(1).orElseThrow(() -> site.untrainable("has no shape"));
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(1);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    return Broadcast.shape(operands.get(0), target)
        .orElseThrow(() -> site.mismatch(List.of(operands.get(0), target)));
  }

  @Override
  public int[] sources(List<long[]> operands) {
    return Layout.repeated(operands.get(0), shape(operands));
  }
}
