package dev.espalier.engine.operator;

import java.util.List;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__DepthToSpace.html">DepthToSpace</a>: blocks of
 * b×b channels become blocks of pixels, [n, c·b², h, w] to [n, c, h·b, w·b]; in mode DCR the block
 * is the outer part of the channel, in CRD the inner.
 */
record DepthToSpace(Site site) implements Movement {
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
    if (x.length != 4 || b < 1 || b > x[1] || x[1] % (b * b) != 0) {
      throw site.mismatch(operands);
    }
    return new long[] {x[0], x[1] / (b * b), x[2] * b, x[3] * b};
  }

  @Override
  public int[] sources(List<long[]> operands) {
    long[] x = operands.get(0);
    long b = block();
    long c = x[1] / (b * b);
    long plane = x[2] * x[3];
    boolean outer = site.node().text("mode", "DCR").equals("DCR");
    long channel = outer ? plane : plane * b * b;
    long column = outer ? plane * c : plane;
    return Layout.positions(
        new long[] {x[0], c, x[2], b, x[3], b},
        new long[] {x[1] * plane, channel, x[3], column * b, 1, column});
  }
}
