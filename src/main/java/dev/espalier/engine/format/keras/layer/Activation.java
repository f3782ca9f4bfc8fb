package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.List;
import java.util.Map;

/** An activation function, as a layer of its own or as a setting of another. */
final class Activation implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    return List.of(apply(call, call.input()));
  }

  /** The function that the setting {@code activation} names, applied. */
  static Value apply(LayerCall call, Value value) {
    String function = call.config().text("activation").orElse("linear");
    return switch (function) {
      case "linear" -> value;
      case "relu" -> value.renamed(call.append("Relu", Map.of(), value.name()));
      case "sigmoid" -> value.renamed(call.append("Sigmoid", Map.of(), value.name()));
      case "tanh" -> value.renamed(call.append("Tanh", Map.of(), value.name()));
      case "softmax" -> {
        Value last = call.graph().asKeras(value);
        yield last.renamed(call.append("Softmax", Map.of(), last.name()));
      }
      default -> throw call.unsupported("activation '" + function + "' is not supported");
    };
  }
}
