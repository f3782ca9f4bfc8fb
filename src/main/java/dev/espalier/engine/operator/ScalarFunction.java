package dev.espalier.engine.operator;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** A function of one number and its derivative, computed in doubles. */
interface ScalarFunction {
  /** The function's value. */
  double value(double x);

  /** The derivative at x, where the value is y. */
  double slope(double x, double y);

  /** A function from its two parts. */
  static ScalarFunction of(DoubleUnaryOperator value, DoubleBinaryOperator slope) {
    return new ScalarFunction() {
      @Override
      public double value(double x) {
        return value.applyAsDouble(x);
      }

      @Override
      public double slope(double x, double y) {
        return slope.applyAsDouble(x, y);
      }
    };
  }
}
