package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import java.util.List;
import java.util.Optional;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Where.html">Where</a>: y = a where the
 * condition holds and b elsewhere; so with the gradients. The condition has none.
 */
final class Where extends Pointwise {

  Where(Site site) {
    super(site, 3, 3);
  }

  @Override
  public Optional<DataType> type(List<DataType> operands) {
    boolean real = operands.get(1) == DataType.FLOAT && operands.get(2) == DataType.FLOAT;
    return operands.get(0) == DataType.BOOL && real
        ? Optional.of(DataType.FLOAT)
        : Optional.empty();
  }

  @Override
  void apply(float[][] x, float[] y, int n) {
    float[] condition = x[0];
    float[] a = x[1];
    float[] b = x[2];
    for (int i = 0; i < n; i++) {
      y[i] = condition[i] != 0 ? a[i] : b[i];
    }
  }

  @Override
  void chain(float[][] x, float[] y, float[] g, float[][] gradients, int n) {
    float[] condition = x[0];
    float[] ga = gradients[1];
    float[] gb = gradients[2];
    for (int i = 0; i < n; i++) {
      boolean first = condition[i] != 0;
      ga[i] = first ? g[i] : 0f;
      gb[i] = first ? 0f : g[i];
    }
  }
}
