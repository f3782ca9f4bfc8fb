package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Flatten.html">Flatten</a>: [d0…dn] becomes the
 * matrix [d0·…·d(axis−1), d(axis)·…·dn]; axis is in [−n, n], 1 when absent.
 */
record Flatten(Site site) implements Operator.View {
  @Override
  public long[] shape(List<long[]> operands) {
    long[] x = operands.get(0);
    long axis = site.node().integer("axis", 1);
    int split = axis == x.length ? x.length : site.axis(axis, x.length);
    return new long[] {
      Tensor.elements(Arrays.copyOf(x, split)),
      Tensor.elements(Arrays.copyOfRange(x, split, x.length))
    };
  }
}
