package dev.espalier.engine.format.keras.layer;

import static java.util.Map.entry;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Attribute;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Keras' activation functions by name, as defined by {@code keras.activations} (and {@code
 * keras.ops.nn} for those that have no page of their own).
 */
final class Functions {
  private static final double INVERSE_SQRT_2 = 0.7071067811865476;

  /** Functions of each element alone, by name. */
  private static final Map<String, BiFunction<Nodes, String, String>> ELEMENTWISE =
      Map.ofEntries(
          entry("linear", (on, x) -> x),
          entry("relu", (on, x) -> on.node("Relu", x)),
          entry("relu6", (on, x) -> on.node("Clip", x, on.scalar(0), on.scalar(6))),
          entry("leaky_relu", (on, x) -> alpha(on, "LeakyRelu", 0.2, x)),
          entry("elu", (on, x) -> alpha(on, "Elu", 1, x)),
          entry("celu", (on, x) -> alpha(on, "Elu", 1, x)),
          entry("selu", (on, x) -> on.node("Selu", x)),
          entry("gelu", Functions::gelu),
          entry("sigmoid", (on, x) -> on.node("Sigmoid", x)),
          entry("tanh", (on, x) -> on.node("Tanh", x)),
          entry("softplus", (on, x) -> on.node("Softplus", x)),
          entry("softsign", (on, x) -> on.node("Softsign", x)),
          entry("silu", (on, x) -> on.node("Mul", x, on.node("Sigmoid", x))),
          entry("swish", (on, x) -> on.node("Mul", x, on.node("Sigmoid", x))),
          entry("exponential", (on, x) -> on.node("Exp", x)),
          entry("mish", (on, x) -> on.node("Mul", x, on.node("Tanh", on.node("Softplus", x)))),
          entry("hard_sigmoid", Functions::hardSigmoid),
          entry("hard_silu", (on, x) -> on.node("HardSwish", x)),
          entry("hard_swish", (on, x) -> on.node("HardSwish", x)),
          entry("log_sigmoid", (on, x) -> on.node("Neg", on.node("Softplus", on.node("Neg", x)))),
          entry("tanh_shrink", (on, x) -> on.node("Sub", x, on.node("Tanh", x))),
          entry("hard_tanh", (on, x) -> on.node("Clip", x, on.scalar(-1), on.scalar(1))),
          entry("soft_shrink", (on, x) -> shrink(on, 0.5, x)),
          entry("hard_shrink", (on, x) -> shrink(on, 0, x)),
          entry("squareplus", Functions::squareplus),
          entry("sparse_plus", Functions::sparsePlus));

  private Functions() {}

  /**
   * Applies a function.
   *
   * @throws dev.espalier.contract.Refusal {@code layer-unsupported} when it is not known
   */
  static Value apply(LayerCall call, String function, Value value) {
    Nodes on = new Nodes(call);
    return switch (function) {
      case "linear" -> value;
      case "softmax" -> Softmax.apply(call, "Softmax", value, -1);
      case "log_softmax" -> Softmax.apply(call, "LogSoftmax", value, -1);
      default -> {
        BiFunction<Nodes, String, String> known = ELEMENTWISE.get(function);
        if (known == null) {
          throw call.unsupported("activation '" + function + "' is not supported");
        }
        yield value.renamed(known.apply(on, value.name()));
      }
    };
  }

  /** Slope of the linear part of {@code hard_sigmoid}, which changed with Keras 3. */
  static float hardSigmoidSlope(int kerasMajor) {
    return kerasMajor < 3 ? 0.2f : 1f / 6;
  }

  private static String alpha(Nodes on, String operator, double alpha, String x) {
    return on.call().append(operator, Map.of("alpha", new Attribute.Real((float) alpha)), x);
  }

  private static String hardSigmoid(Nodes on, String x) {
    float slope = hardSigmoidSlope(on.call().layer().kerasMajor());
    return on.call()
        .append(
            "HardSigmoid",
            Map.of("alpha", new Attribute.Real(slope), "beta", new Attribute.Real(0.5f)),
            x);
  }

  /** x · Φ(x) with the error function, as Hendrycks and Gimpel define it. */
  private static String gelu(Nodes on, String x) {
    String erf = on.node("Erf", on.node("Mul", x, on.scalar(INVERSE_SQRT_2)));
    String cumulative = on.node("Mul", on.node("Add", erf, on.scalar(1)), on.scalar(0.5));
    return on.node("Mul", x, cumulative);
  }

  private static String shrink(Nodes on, double bias, String x) {
    return on.call()
        .append(
            "Shrink",
            Map.of("lambd", new Attribute.Real(0.5f), "bias", new Attribute.Real((float) bias)),
            x);
  }

  /** (x + √(x² + 4)) / 2. */
  private static String squareplus(Nodes on, String x) {
    String root = on.node("Sqrt", on.node("Add", on.node("Mul", x, x), on.scalar(4)));
    return on.node("Mul", on.node("Add", x, root), on.scalar(0.5));
  }

  /**
   * 0 up to −1, (x + 1)² / 4 up to 1, then x: the two last pieces as ¼·clip(x + 1, 0, 2)² + (x −
   * 1)⁺.
   */
  private static String sparsePlus(Nodes on, String x) {
    String clipped = on.node("Clip", on.node("Add", x, on.scalar(1)), on.scalar(0), on.scalar(2));
    String curved = on.node("Mul", on.node("Mul", clipped, clipped), on.scalar(0.25));
    return on.node("Add", curved, on.node("Relu", on.node("Sub", x, on.scalar(1))));
  }
}
