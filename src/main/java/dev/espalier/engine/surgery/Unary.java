package dev.espalier.engine.surgery;

import java.util.Set;

/** Functions of one number, applied to every element. */
final class Unary {
  /** Those with f(0) = 0. */
  private static final Set<String> KEEPING_ZERO =
      Set.of(
          "Abs",
          "Asin",
          "Asinh",
          "Atan",
          "Atanh",
          "Cast",
          "Ceil",
          "Celu",
          "Elu",
          "Erf",
          "Floor",
          "Gelu",
          "HardSwish",
          "Identity",
          "LeakyRelu",
          "Mish",
          "Neg",
          "Relu",
          "Round",
          "Selu",
          "Sign",
          "Sin",
          "Sinh",
          "Softsign",
          "Sqrt",
          "Swish",
          "Tan",
          "Tanh",
          "ThresholdedRelu",
          "Dropout");

  /** Those with another finite f(0). */
  private static final Set<String> LEAVING_A_CONSTANT =
      Set.of(
          "Acos",
          "Cos",
          "Cosh",
          "Exp",
          "HardSigmoid",
          "IsInf",
          "IsNaN",
          "Not",
          "Shrink",
          "Sigmoid",
          "Softplus");

  private Unary() {}

  static Set<String> keepingZero() {
    return KEEPING_ZERO;
  }

  static Set<String> leavingAConstant() {
    return LEAVING_A_CONSTANT;
  }

  static void keepZero(Passage passage) {
    passage.result(0, passage.operand(0).factors());
  }

  static void leaveConstant(Passage passage) {
    passage.result(0, passage.operand(0).factors().stream().map(Factor::constant).toList());
  }

  /** Clip: min(max(x, low), high), zero at zero when low ≤ 0 ≤ high. */
  static void clip(Passage passage) {
    var low = passage.number("min", 1, Double.NEGATIVE_INFINITY);
    var high = passage.number("max", 2, Double.POSITIVE_INFINITY);
    if (low.isEmpty() || high.isEmpty()) {
      passage.pinAll("clips at bounds that are not constant");
    } else if (low.getAsDouble() <= 0 && high.getAsDouble() >= 0) {
      keepZero(passage);
    } else {
      leaveConstant(passage);
    }
  }
}
