package dev.espalier.engine.operator;

import java.util.Arrays;
import java.util.List;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Conv.html">Conv</a> over one or two spatial
 * axes: X [n, c, h, w] with W [m, c, kh, kw] and an optional bias [m].
 */
final class Conv implements Operator.Computed {
  private final Site site;
  private final int operands;

  Conv(Site site) {
    this.site = site;
    this.operands = site.operands(2, 3);
    if (site.node().integer("group", 1) != 1) {
      throw site.untrainable("grouped convolutions are not trained");
    }
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(operands);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] x = operands.get(0);
    long[] w = operands.get(1);
    boolean biased = operands.size() == 3;
    if (x.length != w.length
        || x.length < 3
        || x[1] != w[1]
        || (biased && !Arrays.equals(operands.get(2), new long[] {w[0]}))) {
      throw site.mismatch(operands);
    }
    return windows(w).shape(x, w[0]);
  }

  private Windows windows(long[] w) {
    long[] kernel = Arrays.copyOfRange(w, 2, w.length);
    if (!Arrays.equals(site.node().integers("kernel_shape", kernel), kernel)) {
      throw site.untrainable("kernel_shape is not that of the weights");
    }
    return new Windows(site, kernel);
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    Value x = operands.get(0);
    List<Window> windows = windows(operands.get(1).data().shape()).over(x.data().shape());
    return new Convolution(operands, windows.get(0), windows.get(1), result);
  }
}
