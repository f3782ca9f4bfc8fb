package dev.espalier.engine.format.keras.lowering;

import static dev.espalier.contract.ReasonCode.LAYER_UNSUPPORTED;
import static dev.espalier.contract.ReasonCode.MODEL_HAS_CODE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.json.Fields;

/**
 * Tells Keras' own objects from those whose code would have to come from elsewhere. Keras 3 stores
 * with every object the module to import it from; an attacker names {@code os} there.
 */
public final class BuiltIn {
  private BuiltIn() {}

  /**
   * Refuses an object that is not Keras' own.
   *
   * @param described an object with {@code class_name} and, since Keras 3, {@code module} and
   *     {@code registered_name}
   * @throws Refusal {@code model-has-code} when it carries code or names a foreign module, {@code
   *     layer-unsupported} when it is a class that its author registered
   */
  public static void require(Fields described) {
    String type = described.text("class_name").orElse("");
    if (type.equals("Lambda") || type.equals("__lambda__") || type.equals("function")) {
      requireNamedFunction(described, type);
    }
    String registered = described.text("registered_name").orElse("");
    if (registered.contains(">") && !registered.startsWith("keras")) {
      throw new Refusal(
          LAYER_UNSUPPORTED,
          "%s: '%s' is a custom class: only Keras' own layers are read"
              .formatted(described.where(), registered));
    }
    JsonNode module = described.raw("module");
    if (module.isTextual() && !isKeras(module.textValue())) {
      throw new Refusal(
          MODEL_HAS_CODE,
          "%s: '%s' would be imported from module '%s': nothing from outside Keras is loaded"
              .formatted(described.where(), type, module.textValue()));
    }
  }

  /** Activation functions are stored as functions of the module {@code builtins}, by name. */
  private static void requireNamedFunction(Fields described, String type) {
    if (!type.equals("function") || !described.raw("config").isTextual()) {
      throw new Refusal(
          MODEL_HAS_CODE,
          "%s: '%s' carries Python code, which is never run: replace it by built-in layers"
              .formatted(described.where(), type));
    }
  }

  private static boolean isKeras(String module) {
    return module.equals("keras")
        || module.startsWith("keras.")
        || module.equals("tf_keras")
        || module.startsWith("tf_keras.")
        || module.startsWith("tensorflow.keras.")
        || module.startsWith("tensorflow.python.keras.")
        || module.equals("builtins");
  }
}
