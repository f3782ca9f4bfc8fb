package dev.espalier.engine.format.keras.layer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.engine.format.keras.lowering.BuiltIn;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.LayerSpec;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.List;
import java.util.Set;

/** An activation function, as a layer of its own or as a setting of another. */
final class Activation implements Lowering {
  private static final Set<String> LAYERS_WITHOUT_WEIGHTS =
      Set.of("ReLU", "LeakyReLU", "ELU", "ThresholdedReLU", "Softmax", "Activation");

  @Override
  public List<Value> lower(LayerCall call) {
    return List.of(apply(call, call.input()));
  }

  /** The function that the setting {@code activation} names, applied. */
  static Value apply(LayerCall call, Value value) {
    JsonNode setting = call.config().raw("activation");
    if (!setting.isObject() || isFunction(setting)) {
      return Functions.apply(call, name(call, "activation", "linear"), value);
    }
    LayerSpec layer = call.layer().wrapped("activation");
    if (!LAYERS_WITHOUT_WEIGHTS.contains(layer.className())) {
      throw call.unsupported("activation '" + layer.className() + "' is not supported");
    }
    return Layers.lower(call.on(layer, call.weights(), value)).get(0);
  }

  /**
   * The name of the function in a setting: a text, or, as Keras 3 and late Keras 2 serialise it, an
   * object of class {@code function} whose {@code config} is the text.
   */
  static String name(LayerCall call, String field, String absent) {
    JsonNode setting = call.config().raw(field);
    if (!setting.isObject()) {
      return call.config().text(field).orElse(absent);
    }
    BuiltIn.require(call.config().requiredObject(field));
    if (!isFunction(setting)) {
      throw call.unsupported(
          "'%s' is a layer ('%s'), not a function".formatted(field, setting.path("class_name")));
    }
    return setting.path("config").textValue();
  }

  private static boolean isFunction(JsonNode setting) {
    return setting.path("class_name").asText().equals("function");
  }
}
