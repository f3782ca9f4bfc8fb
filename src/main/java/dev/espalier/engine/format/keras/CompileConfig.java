package dev.espalier.engine.format.keras;

import static dev.espalier.contract.ReasonCode.MODEL_HAS_CODE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.json.Fields;
import dev.espalier.engine.format.keras.lowering.BuiltIn;

/**
 * How the model is compiled for training: loss, metrics, optimizer. Nothing of it is used here, but
 * it is handed back, and Keras imports the modules that it names. What its author defined in the
 * training script, and functions that are known by name only, cannot be imported, so they may stay.
 */
final class CompileConfig {
  private static final String SCRIPT = "__main__";

  private CompileConfig() {}

  /** Refuses a configuration that would import something that is not Keras. */
  static void require(JsonNode model) {
    check(model.path("compile_config"));
  }

  private static void check(JsonNode node) {
    boolean described = node.path("class_name").isTextual() && node.path("module").isTextual();
    if (described) {
      String module = node.path("module").textValue();
      boolean isName =
          module.equals("builtins")
              && node.path("class_name").textValue().equals("function")
              && node.path("config").isTextual();
      boolean own = module.equals(SCRIPT) || isName;
      if (!own) {
        requireKeras(node);
      }
    }
    for (JsonNode child : node) {
      if (child.isContainerNode()) {
        check(child);
      }
    }
  }

  private static void requireKeras(JsonNode node) {
    try {
      BuiltIn.require(new Fields(node, "compile_config"));
    } catch (Refusal e) {
      throw new Refusal(
          MODEL_HAS_CODE, e.reason().message() + "; save the model without its optimizer", e);
    }
  }
}
