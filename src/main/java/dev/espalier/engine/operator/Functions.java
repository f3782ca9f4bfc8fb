package dev.espalier.engine.operator;

import java.util.Map;
import java.util.Set;

/**
 * ONNX's element-wise functions of one operand with their derivatives, by operator name. At a kink
 * the derivative is that of the flatter side.
 */
final class Functions {
  /** Reads the parameters of a node's function. */
  private interface Maker {
    ScalarFunction of(Site site);
  }

  /** 2/√π, the slope of the error function at 0. */
  private static final double ERF_SLOPE = 2 / Math.sqrt(Math.PI);

  private static final double SQRT_HALF = Math.sqrt(0.5);

  /** √(2/π) and the cubic's factor: Hendrycks and Gimpel 2016, arXiv:1606.08415. */
  private static final double GELU_SCALE = Math.sqrt(2 / Math.PI);

  private static final double GELU_CUBIC = 0.044715;

  /** Defaults of Selu: Klambauer et al. 2017, arXiv:1706.02515. */
  private static final float SELU_ALPHA = 1.6732632f;

  private static final float SELU_GAMMA = 1.050701f;

  private static final Map<String, Maker> BY_NAME =
      Map.ofEntries(
          Map.entry("Abs", site -> ScalarFunction.of(Math::abs, (x, y) -> Math.signum(x))),
          Map.entry("Celu", Functions::celu),
          Map.entry("Cos", site -> ScalarFunction.of(Math::cos, (x, y) -> -Math.sin(x))),
          Map.entry("Elu", site -> elu(site.node().real("alpha", 1f), 1)),
          Map.entry("Erf", site -> ScalarFunction.of(Functions::erf, Functions::erfSlope)),
          Map.entry("Exp", site -> ScalarFunction.of(Math::exp, (x, y) -> y)),
          Map.entry("Gelu", Functions::gelu),
          Map.entry("Log", site -> ScalarFunction.of(Math::log, (x, y) -> 1 / x)),
          Map.entry("Mish", site -> ScalarFunction.of(Functions::mish, Functions::mishSlope)),
          Map.entry("Neg", site -> ScalarFunction.of(x -> -x, (x, y) -> -1)),
          Map.entry("Reciprocal", site -> ScalarFunction.of(x -> 1 / x, (x, y) -> -y * y)),
          Map.entry("Selu", Functions::selu),
          Map.entry("Sin", site -> ScalarFunction.of(Math::sin, (x, y) -> Math.cos(x))),
          Map.entry(
              "Softplus", site -> ScalarFunction.of(Functions::softplus, (x, y) -> sigmoid(x))),
          Map.entry(
              "Softsign",
              site -> ScalarFunction.of(x -> x / (1 + Math.abs(x)), Functions::softsignSlope)),
          Map.entry("Sqrt", site -> ScalarFunction.of(Math::sqrt, (x, y) -> 0.5 / y)));

  private Functions() {}

  /** The function of a node. */
  static Operator of(Site site) {
    return new Function(site, maker(site).of(site));
  }

  private static Maker maker(Site site) {
    Maker maker = BY_NAME.get(site.node().operator());
    if (maker == null) {
      throw site.untrainable("is not a function of one number");
    }
    return maker;
  }

  /** Their ONNX names. */
  static Set<String> names() {
    return BY_NAME.keySet();
  }

  private static ScalarFunction celu(Site site) {
    double alpha = site.node().real("alpha", 1f);
    return ScalarFunction.of(
        x -> x >= 0 ? x : alpha * Math.expm1(x / alpha),
        (x, y) -> x >= 0 ? 1 : Math.exp(x / alpha));
  }

  private static ScalarFunction elu(double alpha, double gamma) {
    return ScalarFunction.of(
        x -> gamma * (x >= 0 ? x : alpha * Math.expm1(x)),
        (x, y) -> x >= 0 ? gamma : gamma * alpha * Math.exp(x));
  }

  private static ScalarFunction selu(Site site) {
    return elu(site.node().real("alpha", SELU_ALPHA), site.node().real("gamma", SELU_GAMMA));
  }

  private static ScalarFunction gelu(Site site) {
    String approximation = site.node().text("approximate", "none");
    if (approximation.equals("tanh")) {
      return ScalarFunction.of(Functions::tanhGelu, (x, y) -> tanhGeluSlope(x));
    } else if (!approximation.equals("none")) {
      throw site.untrainable("approximates by '" + approximation + "'");
    }
    return ScalarFunction.of(
        x -> x * normal(x), (x, y) -> normal(x) + x * erfSlope(x * SQRT_HALF, 0) * SQRT_HALF / 2);
  }

  /** The normal distribution function Φ(x) = (1 + erf(x/√2)) / 2. */
  private static double normal(double x) {
    return (1 + erf(x * SQRT_HALF)) / 2;
  }

  private static double tanhGelu(double x) {
    return x / 2 * (1 + Math.tanh(GELU_SCALE * (x + GELU_CUBIC * x * x * x)));
  }

  private static double tanhGeluSlope(double x) {
    double tanh = Math.tanh(GELU_SCALE * (x + GELU_CUBIC * x * x * x));
    double inner = GELU_SCALE * (1 + 3 * GELU_CUBIC * x * x);
    return (1 + tanh) / 2 + x / 2 * (1 - tanh * tanh) * inner;
  }

  /** The error function to 1.5e-7 (Abramowitz and Stegun 1964, formula 7.1.26). */
  static double erf(double x) {
    double t = 1 / (1 + 0.3275911 * Math.abs(x));
    double polynomial =
        t
            * (0.254829592
                + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    return Math.signum(x) * (1 - polynomial * Math.exp(-x * x));
  }

  private static double erfSlope(double x, double y) {
    return ERF_SLOPE * Math.exp(-x * x);
  }

  /** log(1 + eˣ) without overflow. */
  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double softsignSlope(double x, double y) {
    double denominator = 1 + Math.abs(x);
    return 1 / (denominator * denominator);
  }

  /** x·tanh(softplus(x)): Misra 2019, arXiv:1908.08681. */
  private static double mish(double x) {
    return x * Math.tanh(softplus(x));
  }

  private static double mishSlope(double x, double y) {
    double tanh = Math.tanh(softplus(x));
    return tanh + x * (1 - tanh * tanh) * sigmoid(x);
  }
}
