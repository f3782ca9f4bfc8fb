package dev.espalier.engine.format.keras.lowering;

import static dev.espalier.contract.ReasonCode.LAYER_UNSUPPORTED;
import static dev.espalier.contract.ReasonCode.MODEL_HAS_CODE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.json.Fields;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells Keras' own objects from those whose code would have to come from elsewhere. Keras 3 stores
 * with every object the module to import it from; an attacker names {@code os} there.
 */
public final class BuiltIn {
  /** A module of Keras; the first group is its first part below the package and {@code src}. */
  private static final Pattern PART =
      Pattern.compile(
          "(?:keras|tf_keras|tensorflow\\.keras|tensorflow\\.python\\.keras)"
              + "(?:\\.src)?(?:\\.([a-z_0-9]+)(?:\\.[a-z_0-9]+)*)?");

  private static final Set<String> PARTS =
      Set.of(
          "activations",
          "constraints",
          "dtype_policies",
          "engine",
          "initializers",
          "layers",
          "legacy",
          "losses",
          "metrics",
          "mixed_precision",
          "models",
          "ops",
          "optimizers",
          "random",
          "regularizers");

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
    if (module.isTextual() && !isKeras(module.textValue(), type)) {
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

  /**
   * Whether an object of a module can do no more than be one of Keras' building blocks. Other parts
   * of Keras write files, fetch addresses or switch safety off ({@code keras.utils}, {@code
   * keras.config}), and of Python's own only functions by name are known.
   */
  private static boolean isKeras(String module, String type) {
    if (module.equals("builtins")) {
      return type.equals("function");
    }
    Matcher part = PART.matcher(module);
    return part.matches() && (part.group(1) == null || PARTS.contains(part.group(1)));
  }
}
