package dev.espalier.engine.format.keras;

import static dev.espalier.contract.ReasonCode.MODEL_HAS_CODE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.json.Fields;
import dev.espalier.engine.format.keras.lowering.BuiltIn;

/**
 * How the model is compiled for training: loss, metrics, optimizer. Nothing of it is used here, but
 * it is handed back, and Keras imports the modules that it names. What its author registered or
 * defined in the training script cannot be imported by a name in a file, so it may stay.
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
      boolean own =
          node.path("module").textValue().equals(SCRIPT)
              || node.path("registered_name").asText("").contains(">");
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
          MODEL_HAS_CODE,
          e.reason().message() + "; save the model without its optimizer, or register the object",
          e);
    }
  }
}
