package dev.espalier.engine.operator;

import java.util.Arrays;
import java.util.List;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Conv.html">Conv</a> over one or two spatial
 * axes: X [n, c, h, w] with W [m, c/groups, kh, kw] and an optional bias [m].
 */
final class Conv implements Operator.Computed {
  private final Site site;
  private final int operands;
  private final int groups;

  Conv(Site site) {
    this.site = site;
    this.operands = site.operands(2, 3);
    this.groups = Math.toIntExact(site.node().integer("group", 1));
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
        || groups < 1
        || x[1] != w[1] * groups
        || w[0] % groups != 0
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
    Window rows = windows.get(0);
    Window columns = windows.get(1);
    if (groups == 1) {
      return new Convolution(operands, rows, columns, result);
    }
    return groups == x.data().dimension(1)
        ? new DepthwiseConvolution(operands, result, rows, columns)
        : new GroupedConvolution(operands, result, rows, columns, groups);
  }
}
