package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import java.util.Map;

/**
 * An activation function as the ONNX operator that computes it; {@code Identity} adds no node.
 *
 * @param operator ONNX operator
 */
record Activation(String operator, Map<String, Attribute> attributes) {
  private static final String PACKAGE = "org.nd4j.linalg.activations.impl.Activation";

  /** Reads a layer's activation function. */
  static Activation of(Fields layer) {
    Fields function = layer.requiredObject("activationFn");
    String name = function.className().orElse("");
    return switch (name) {
      case PACKAGE + "Identity" -> new Activation("Identity", Map.of());
      case PACKAGE + "ReLU" -> rectifier(function);
      case PACKAGE + "LReLU" -> leaky(function.number("alpha").orElse(0.01));
      case PACKAGE + "Sigmoid" -> new Activation("Sigmoid", Map.of());
      case PACKAGE + "TanH" -> new Activation("Tanh", Map.of());
      case PACKAGE + "Softmax" -> new Activation("Softmax", Map.of("axis", new Attribute.Int(-1)));
      default -> throw layer.unsupported("activation '" + name + "' is not supported yet");
    };
  }

  /** A maximum of 0 is one, too: Deeplearning4j then gives nothing positive. */
  private static Activation rectifier(Fields function) {
    if (!function.isUnset("max") || function.number("threshold").orElse(0.0) != 0) {
      throw function.unsupported("a ReLU with a maximum or threshold is not supported yet");
    }
    double slope = function.number("negativeSlope").orElse(0.0);
    return slope == 0 ? new Activation("Relu", Map.of()) : leaky(slope);
  }

  private static Activation leaky(double slope) {
    return new Activation("LeakyRelu", Map.of("alpha", new Attribute.Real((float) slope)));
  }

  /** Appends it to the graph. */
  void appendTo(GraphAssembler graph, String layer) {
    if (operator.equals("Softmax")) {
      graph.requireFlat(layer);
    }
    if (!operator.equals("Identity")) {
      graph.append(layer, operator, attributes);
    }
  }
}
