package dev.espalier.engine.operator;

import java.util.List;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__SpaceToDepth.html">SpaceToDepth</a>: blocks of
 * b×b pixels become channels, [n, c, h·b, w·b] to [n, b²·c, h, w].
 */
record SpaceToDepth(Site site) implements Movement {
  @Override
  public List<Integer> operands() {
    return Operator.leading(1);
  }

  private long block() {
    return site.node().integer("blocksize", 0);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] x = operands.get(0);
    long b = block();
    if (x.length != 4 || b < 1 || x[2] % b != 0 || x[3] % b != 0) {
      throw site.mismatch(operands);
    }
    return new long[] {x[0], x[1] * b * b, x[2] / b, x[3] / b};
  }

  @Override
  public int[] sources(List<long[]> operands) {
    long[] x = operands.get(0);
    long b = block();
    long plane = x[2] * x[3];
    return Layout.positions(
        new long[] {x[0], b, b, x[1], x[2] / b, x[3] / b},
        new long[] {x[1] * plane, x[3], 1, plane, x[3] * b, b});
  }
}
