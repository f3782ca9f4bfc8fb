package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import java.util.Map;
import java.util.Optional;

/**
 * One of ND4J's activation functions, as the ONNX operators that compute it.
 *
 * @param kind ND4J's name of it
 */
record Activation(String kind, Fields settings) {
  private static final double GELU_SLOPE = 1.702;
  private static final double PRECISE_GELU_CUBIC = 0.044715;
  private static final double RATIONAL_TANH_SCALE = 1.7159;
  private static final double RATIONAL_TANH_QUARTIC = 1.41645;

  /** Reads a layer's activation function. */
  static Activation of(Fields layer) {
    return of(layer, "activationFn");
  }

  /** Reads an activation function from a field. */
  static Activation of(Fields layer, String field) {
    Typed function = Typed.of(Typed.Family.ACTIVATION, layer.requiredObject(field));
    Activation activation = new Activation(function.kind(), function.fields());
    activation.requireKnown();
    return activation;
  }

  private void requireKnown() {
    switch (kind) {
      case "Cube", "ELU", "GELU", "HardSigmoid", "HardTanH", "Identity", "LReLU", "Mish" -> {}
      case "RReLU", "RationalTanh", "ReLU", "ReLU6", "RectifiedTanh", "SELU", "Sigmoid" -> {}
      case "SoftPlus", "SoftSign", "Softmax", "Swish", "TanH", "ThresholdedReLU" -> {}
      default -> throw settings.unsupported("activation '" + kind + "' is not supported");
    }
  }

  /** Appends it to the graph. */
  Value appendTo(Assembly graph, String layer, Value x) {
    Formula f = new Formula(graph, layer);
    return switch (kind) {
      case "Identity" -> x;
      case "Cube" -> f.times(f.times(x, x), x);
      case "ELU" -> f.apply("Elu", x, "alpha", settings.number("alpha", 1));
      case "GELU" -> gelu(f, x);
      case "HardSigmoid" -> f.apply("HardSigmoid", x);
      case "HardTanH" -> f.clip(x, -1, 1);
      case "LReLU" -> f.apply("LeakyRelu", x, "alpha", settings.number("alpha", 0.01));
      case "Mish" -> f.times(x, f.apply("Tanh", f.apply("Softplus", x)));
      case "RReLU" -> randomised(f, x);
      case "RationalTanh" -> rationalTanh(f, x);
      case "ReLU" -> rectifier(f, x);
      case "ReLU6" -> f.clip(x, 0, 6);
      case "RectifiedTanh" -> f.apply("Relu", f.apply("Tanh", x));
      case "SELU" -> f.apply("Selu", x);
      case "Sigmoid" -> f.apply("Sigmoid", x);
      case "SoftPlus" -> f.apply("Softplus", x);
      case "SoftSign" -> f.apply("Softsign", x);
      case "Softmax" -> softmax(graph, layer, x, x.flow().lastAxis());
      case "Swish" -> f.times(x, f.apply("Sigmoid", x));
      case "TanH" -> f.apply("Tanh", x);
      case "ThresholdedReLU" -> f.apply("ThresholdedRelu", x, "alpha", settings.number("theta", 1));
      default -> throw new IllegalStateException(kind);
    };
  }

  /** Appends it to the graph, a softmax over features or channels rather than the last axis. */
  Value appendOverChannels(Assembly graph, String layer, Value x) {
    return kind.equals("Softmax")
        ? softmax(graph, layer, x, x.flow().channelAxis())
        : appendTo(graph, layer, x);
  }

  private static Value softmax(Assembly graph, String layer, Value x, int axis) {
    int last = x.flow() instanceof Flow.Flat ? 1 : x.flow() instanceof Flow.Image ? 3 : 2;
    return graph.append(
        layer, "Softmax", x, Map.of("axis", new Attribute.Int(axis == last ? -1 : axis)));
  }

  /**
   * ND4J's default is the sigmoid approximation x·σ(1.702 x). Its precise form is that by tanh, but
   * with the cube of 0.044715·x where the formula has 0.044715·x³; files were trained with that.
   */
  private Value gelu(Formula f, Value x) {
    if (!settings.flag("precise", false)) {
      return f.times(x, f.apply("Sigmoid", f.times(x, GELU_SLOPE)));
    }
    Value scaled = f.times(x, PRECISE_GELU_CUBIC);
    Value cube = f.times(f.times(scaled, scaled), scaled);
    Value inner = f.times(f.plus(x, cube), Math.sqrt(2 / Math.PI));
    return f.times(f.times(x, 0.5), f.plus(f.apply("Tanh", inner), 1));
  }

  /**
   * Random slopes are for training. Deeplearning4j then does not take the mean of their bounds as
   * slope for negative numbers, but as the least number it gives.
   */
  private Value randomised(Formula f, Value x) {
    double least = (settings.number("l", 1.0 / 8) + settings.number("u", 1.0 / 3)) / 2;
    return f.greatest(x, least);
  }

  /**
   * 1.7159·r(2x/3) with r(y) = sign(y)·(1 − 1/a) and a = 1 + |y| + y² + 1.41645·y⁴, which is (y +
   * y·|y| + 1.41645·y·|y|³) / a.
   */
  private static Value rationalTanh(Formula f, Value x) {
    Value y = f.times(x, 2.0 / 3);
    Value size = f.apply("Abs", y);
    Value square = f.times(y, y);
    Value quartic = f.times(f.times(square, size), RATIONAL_TANH_QUARTIC);
    Value a = f.plus(f.plus(f.plus(size, square), f.times(quartic, size)), 1);
    Value numerator = f.times(y, f.plus(f.plus(size, quartic), 1));
    return f.times(f.over(numerator, a), RATIONAL_TANH_SCALE);
  }

  /** A maximum of 0 is one, too: Deeplearning4j then gives nothing positive. */
  private Value rectifier(Formula f, Value x) {
    double threshold = settings.number("threshold", 0);
    double slope = settings.number("negativeSlope", 0);
    if (threshold != 0) {
      throw settings.unsupported("a ReLU with a threshold is not supported");
    }
    Value positive = slope == 0 ? f.apply("Relu", x) : f.apply("LeakyRelu", x, "alpha", slope);
    return settings.isNumber("max") ? f.least(positive, settings.number("max", 0)) : positive;
  }

  /** Its name among the functions of ONNX's recurrent operators, if it is one without settings. */
  Optional<String> recurrent() {
    return switch (kind) {
      case "HardSigmoid" -> Optional.of("HardSigmoid");
      case "ReLU" ->
          settings.isNumber("max")
                  || settings.number("threshold", 0) != 0
                  || settings.number("negativeSlope", 0) != 0
              ? Optional.empty()
              : Optional.of("Relu");
      case "Sigmoid" -> Optional.of("Sigmoid");
      case "SoftPlus" -> Optional.of("Softplus");
      case "SoftSign" -> Optional.of("Softsign");
      case "TanH" -> Optional.of("Tanh");
      default -> Optional.empty();
    };
  }
}
