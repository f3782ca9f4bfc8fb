package dev.espalier.engine.operator;

import java.util.Arrays;
import java.util.List;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__ConvTranspose.html">ConvTranspose</a> over one
 * or two spatial axes: X [n, c, h, w] with W [c, m/groups, kh, kw] and an optional bias [m]; the
 * gradient of a convolution by its input, used forwards.
 */
final class ConvTranspose implements Operator.Computed {
  private final Site site;
  private final int operands;
  private final int groups;

  ConvTranspose(Site site) {
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
    if (x.length != w.length || x.length < 3 || x[1] != w[0] || groups < 1 || x[1] % groups != 0) {
      throw site.mismatch(operands);
    }
    long m = w[1] * groups;
    if (operands.size() == 3 && !Arrays.equals(operands.get(2), new long[] {m})) {
      throw site.mismatch(operands);
    }
    long[] shape = x.clone();
    shape[1] = m;
    List<Window> windows = windows(x, w);
    for (int axis = 2; axis < x.length; axis++) {
      shape[axis] = windows.get(windows.size() - x.length + axis).input();
    }
    return shape;
  }

  private List<Window> windows(long[] x, long[] w) {
    return new Windows(site, Arrays.copyOfRange(w, 2, w.length)).transposed(x);
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    List<Window> windows = windows(operands.get(0).data().shape(), operands.get(1).data().shape());
    return new TransposedConvolution(operands, result, windows.get(0), windows.get(1), groups);
  }
}
