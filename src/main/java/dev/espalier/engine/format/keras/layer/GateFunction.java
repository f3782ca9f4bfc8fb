package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.graph.Attribute;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An activation function inside a recurrent operator, of which ONNX has a few.
 *
 * @param name of ONNX
 * @param alpha its first number, where it has one
 * @param beta its second number, where it has one
 */
record GateFunction(String name, Optional<Float> alpha, Optional<Float> beta) {

  /** The function that a setting of the layer names. */
  static GateFunction of(LayerCall call, String field, String absent) {
    String function = Activation.name(call, field, absent);
    return switch (function) {
      case "tanh" -> plain("Tanh");
      case "sigmoid" -> plain("Sigmoid");
      case "relu" -> plain("Relu");
      case "softsign" -> plain("Softsign");
      case "softplus" -> plain("Softplus");
      case "elu" -> new GateFunction("Elu", Optional.of(1f), Optional.empty());
      case "leaky_relu" -> new GateFunction("LeakyRelu", Optional.of(0.2f), Optional.empty());
      case "linear" -> new GateFunction("Affine", Optional.of(1f), Optional.of(0f));
      case "hard_sigmoid" ->
          new GateFunction(
              "HardSigmoid",
              Optional.of(Functions.hardSigmoidSlope(call.layer().kerasMajor())),
              Optional.of(0.5f));
      default ->
          throw call.unsupported(
              "'%s' as %s of a recurrent layer is not supported".formatted(function, field));
    };
  }

  private static GateFunction plain(String name) {
    return new GateFunction(name, Optional.empty(), Optional.empty());
  }

  /** Adds the attributes that state these functions to an operator's. */
  static void state(List<GateFunction> functions, Map<String, Attribute> attributes) {
    attributes.put(
        "activations", new Attribute.Texts(functions.stream().map(GateFunction::name).toList()));
    List<Float> alphas = functions.stream().flatMap(f -> f.alpha().stream()).toList();
    List<Float> betas = functions.stream().flatMap(f -> f.beta().stream()).toList();
    if (!alphas.isEmpty()) {
      attributes.put("activation_alpha", new Attribute.Reals(alphas));
    }
    if (!betas.isEmpty()) {
      attributes.put("activation_beta", new Attribute.Reals(betas));
    }
  }
}
