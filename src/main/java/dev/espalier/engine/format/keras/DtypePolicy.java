package dev.espalier.engine.format.keras;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.engine.format.json.Fields;
import java.util.Set;

/**
 * In what precision a layer computes and keeps its weights. Everything that keeps IEEE 754 weights
 * is computed in single precision here; weights are written back in the precision they came in.
 */
final class DtypePolicy {
  private static final Set<String> READ =
      Set.of(
          "float32",
          "float64",
          "float16",
          "mixed_float16",
          "mixed_bfloat16",
          "int32",
          "int64",
          "int8",
          "uint8",
          "bool");

  private DtypePolicy() {}

  /** Refuses a layer whose policy keeps weights that are not read: quantised or bfloat16 ones. */
  static void require(Fields config) {
    JsonNode dtype = config.raw("dtype");
    JsonNode name = dtype.isObject() ? dtype.path("config").path("name") : dtype;
    boolean absent = name.isMissingNode() || name.isNull();
    if (!absent && !(name.isTextual() && READ.contains(name.textValue()))) {
      throw config.unsupported(
          "dtype policy %s is not supported".formatted(name.isTextual() ? name : dtype));
    }
    if (!config.isUnset("quantization_config") || !config.isUnset("lora_rank")) {
      throw config.unsupported("quantised and LoRA layers are not supported");
    }
  }
}
