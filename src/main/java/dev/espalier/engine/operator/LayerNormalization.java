package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * ONNX <a
 * href="https://onnx.ai/onnx/operators/onnx__LayerNormalization.html">LayerNormalization</a> (its
 * first result) over the axes from {@code axis} on (Ba et al. 2016, arXiv:1607.06450), with a scale
 * and an optional shift that broadcast to those axes.
 */
final class LayerNormalization implements Operator.Computed {
  private final Site site;
  private final int operands;

  LayerNormalization(Site site) {
    this.site = site;
    this.operands = site.operands(2, 3);
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(operands);
  }

  private long[] normalised(long... x) {
    return Arrays.copyOfRange(x, site.axis(site.node().integer("axis", -1), x.length), x.length);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] x = operands.get(0);
    for (long[] vector : operands.subList(1, operands.size())) {
      boolean alike = Arrays.equals(vector, operands.get(1));
      if (!alike || !Broadcast.fits(vector, normalised(x))) {
        throw site.mismatch(operands);
      }
    }
    return x;
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    long[] normalised = normalised(result.data().shape());
    int[] slots = Layout.repeated(operands.get(1).data().shape(), normalised);
    float epsilon = site.node().real("epsilon", 1e-5f);
    int length = (int) Tensor.elements(normalised);
    return new VectorNormalization(operands, result, length, slots, epsilon);
  }
}
