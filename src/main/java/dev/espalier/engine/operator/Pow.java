package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Pow.html">Pow</a>: y = aᵇ; ∂y/∂a = b·aᵇ⁻¹ (0
 * where b is 0), ∂y/∂b = y·ln a (0 where a is not positive).
 */
final class Pow extends Pointwise {
  private Pow(Site site) {
    super(site, 2, 2);
  }

  /** A power of two operands, or a function of one when the exponent is one constant number. */
  static Operator of(Site site) {
    if (site.isConstant(1) && !site.isConstant(0)) {
      Tensor exponent = site.constant(1).orElseThrow();
      if (exponent.size() == 1 && exponent.rank() == 0) {
        return new Function(site, power(Numbers.doubles(exponent)[0]));
      }
    }
    return new Pow(site);
  }

  private static ScalarFunction power(double b) {
    if (b == 2) {
      return ScalarFunction.of(x -> x * x, (x, y) -> 2 * x);
    } else if (b == 0.5) {
      return ScalarFunction.of(Math::sqrt, (x, y) -> 0.5 / y);
    }
    return ScalarFunction.of(x -> Math.pow(x, b), (x, y) -> b == 0 ? 0 : b * Math.pow(x, b - 1));
  }

  @Override
  public Optional<DataType> type(List<DataType> operands) {
    return operands.get(0) == DataType.FLOAT ? Optional.of(DataType.FLOAT) : super.type(operands);
  }

  @Override
  void apply(float[][] x, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (float) Math.pow(x[0][i], x[1][i]);
    }
  }

  @Override
  void chain(float[][] x, float[] y, float[] g, float[][] gradients, int n) {
    for (int i = 0; i < n; i++) {
      double a = x[0][i];
      double b = x[1][i];
      gradients[0][i] = (float) (b == 0 ? 0 : g[i] * b * Math.pow(a, b - 1));
      gradients[1][i] = (float) (a > 0 ? g[i] * y[i] * Math.log(a) : 0);
    }
  }
}
