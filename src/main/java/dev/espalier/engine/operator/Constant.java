package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Tensor;
import java.util.List;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Constant.html">Constant</a>: a tensor held in
 * an attribute. It is evaluated before training and never differentiated.
 */
public final class Constant {
  private Constant() {}

  /**
   * The tensor of a Constant node.
   *
   * @throws Untrainable for sparse and string constants
   */
  public static Tensor evaluate(Site site) {
    for (Attribute attribute : site.node().attributes().values()) {
      if (attribute instanceof Attribute.Value value) {
        return value.tensor();
      } else if (attribute instanceof Attribute.Int value) {
        return Tensor.of(new long[] {value.value()});
      } else if (attribute instanceof Attribute.Real value) {
        return Tensor.of(new float[] {value.value()});
      } else if (attribute instanceof Attribute.Ints values) {
        long[] longs = values.values().stream().mapToLong(Long::longValue).toArray();
        return Tensor.of(longs, longs.length);
      } else if (attribute instanceof Attribute.Reals values) {
        return floats(values.values());
      }
    }
    throw site.untrainable("holds no numeric tensor");
  }

  private static Tensor floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return Tensor.of(floats, floats.length);
  }
}
