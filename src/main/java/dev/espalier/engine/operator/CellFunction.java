package dev.espalier.engine.operator;

import java.util.Locale;
import java.util.Optional;

/**
 * A non-linearity of an ONNX recurrent operator, as listed under their attribute {@code
 * activations}, with its derivative as a function of the result: backward passes then need only
 * what the forward pass wrote.
 *
 * @param value f
 * @param slope f′ as a function of y = f(x)
 */
record CellFunction(Real value, Real slope) {
  /** A function of one number. */
  @FunctionalInterface
  interface Real {
    /** The value at a point. */
    float at(float x);
  }

  static final CellFunction SIGMOID =
      new CellFunction(x -> (float) (1 / (1 + Math.exp(-x))), y -> y * (1 - y));
  // Math.tanh takes three times as long as this, whose error is that of a double near 1.
  static final CellFunction TANH =
      new CellFunction(x -> (float) (1 - 2 / (Math.exp(2.0 * x) + 1)), y -> 1 - y * y);

  /**
   * The function of that ONNX name, in any case as ONNX Runtime reads it.
   *
   * @param alpha α of the functions that have one
   * @param beta β of the functions that have one
   */
  static Optional<CellFunction> of(String name, float alpha, float beta) {
    return Optional.ofNullable(
        switch (name.toLowerCase(Locale.ROOT)) {
          case "affine" -> new CellFunction(x -> alpha * x + beta, y -> alpha);
          case "elu" ->
              new CellFunction(
                  x -> x >= 0 ? x : (float) (alpha * Math.expm1(x)), y -> y >= 0 ? 1 : y + alpha);
          case "hardsigmoid" ->
              new CellFunction(
                  x -> Math.max(0, Math.min(1, alpha * x + beta)), y -> y > 0 && y < 1 ? alpha : 0);
          case "leakyrelu" ->
              new CellFunction(x -> x >= 0 ? x : alpha * x, y -> y >= 0 ? 1 : alpha);
          case "relu" -> new CellFunction(x -> Math.max(0, x), y -> y > 0 ? 1 : 0);
          case "scaledtanh" -> scaledTanh(alpha, beta);
          case "sigmoid" -> SIGMOID;
          case "softplus" ->
              new CellFunction(
                  x -> (float) (Math.max(x, 0.0) + Math.log1p(Math.exp(-Math.abs(x)))),
                  y -> (float) -Math.expm1(-y));
          case "softsign" ->
              new CellFunction(
                  x -> x / (1 + Math.abs(x)), y -> (1 - Math.abs(y)) * (1 - Math.abs(y)));
          case "tanh" -> TANH;
          case "thresholdedrelu" ->
              new CellFunction(x -> x >= alpha ? x : 0, y -> y >= alpha && y != 0 ? 1 : 0);
          default -> null;
        });
  }

  private static CellFunction scaledTanh(float alpha, float beta) {
    return new CellFunction(
        x -> alpha * TANH.value.at(beta * x),
        y -> alpha == 0 ? 0 : alpha * beta * TANH.slope.at(y / alpha));
  }

  /**
   * This function of its operand limited to [−bound, bound]. A limited operand gives exactly the
   * value at a bound, which is how the derivative knows it.
   */
  CellFunction clipped(float bound) {
    float least = value.at(-bound);
    float most = value.at(bound);
    return new CellFunction(
        x -> value.at(Math.max(-bound, Math.min(bound, x))),
        y -> y == least || y == most ? 0 : slope.at(y));
  }

  /** Replaces the elements of {@code values} from one place up to another. */
  void apply(float[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      values[i] = value.at(values[i]);
    }
  }

  /** The derivative where the result is {@code y}. */
  float slopeAt(float y) {
    return slope.at(y);
  }
}
