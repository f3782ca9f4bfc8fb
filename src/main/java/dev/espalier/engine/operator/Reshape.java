package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.util.List;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Reshape.html">Reshape</a> to a constant shape:
 * 0 copies the operand's dimension (unless {@code allowzero}), one −1 takes what is left. Before
 * opset 5 the shape is an attribute, from then on an input.
 */
final class Reshape implements Operator.View {
  private final Site site;
  private final long[] target;
  private final boolean allowZero;

  Reshape(Site site) {
    this.site = site;
    this.allowZero = site.node().integer("allowzero", 0) != 0;
    this.target = site.integers("shape", 1).orElseThrow(() -> site.untrainable("has no shape"));
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] x = operands.get(0);
    long[] shape = target.clone();
    int inferred = -1;
    long known = 1;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == 0 && !allowZero && i < x.length) {
        shape[i] = x[i];
      }
      if (shape[i] == -1 && inferred < 0) {
        inferred = i;
      } else if (shape[i] < 1) {
        throw site.mismatch(List.of(x, target));
      } else {
        known *= shape[i];
      }
    }
    long elements = Tensor.elements(x);
    if (inferred >= 0) {
      shape[inferred] = elements / known;
      known *= shape[inferred];
    }
    if (known != elements) {
      throw site.mismatch(List.of(x, target));
    }
    return shape;
  }
}
