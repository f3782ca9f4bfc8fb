package dev.espalier.engine.format.keras;

import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.json.Fields;
import dev.espalier.engine.format.keras.ModelSpec.Layer;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.ValueInfo;
import java.util.List;
import java.util.Optional;

/** What a model takes: from its input layers, or from what its first layer says. */
final class Inputs {
  private Inputs() {}

  /** Whether a layer stands for an input. */
  static boolean isInput(Layer layer) {
    return layer.className().equals("InputLayer");
  }

  /** The input that an input layer declares. */
  static ValueInfo of(Layer layer) {
    Fields config = layer.config();
    if (!config.isUnset("sparse") || !config.isUnset("ragged")) {
      throw config.unsupported("sparse and ragged inputs are not supported");
    }
    return new ValueInfo(
        layer.name(), type(config), shape(layer).orElseThrow(() -> incomplete(layer)));
  }

  /**
   * The input of a Sequential model without an input layer.
   *
   * @throws Refusal with {@code model-incomplete} when no shape is recorded
   */
  static ValueInfo ofFirst(ModelSpec model, Layer first) {
    List<Long> shape = shape(first).or(model::buildShape).orElseThrow(() -> incomplete(first));
    return new ValueInfo(first.name(), type(first.config()), shape);
  }

  private static Optional<List<Long>> shape(Layer layer) {
    JsonNode config = layer.config().raw("batch_input_shape");
    return Shapes.optional(config)
        .or(() -> Shapes.optional(layer.config().raw("batch_shape")))
        .or(() -> Shapes.optional(layer.entry().raw("build_config").path("input_shape")));
  }

  /** Numbers that Keras converts to floats anyway are taken as floats. */
  private static DataType type(Fields config) {
    JsonNode dtype = config.raw("dtype");
    return switch (dtype.asText("float32")) {
      case "int32" -> DataType.INT32;
      case "int64" -> DataType.INT64;
      case "uint8" -> DataType.UINT8;
      case "int8" -> DataType.INT8;
      case "bool" -> DataType.BOOL;
      default -> DataType.FLOAT;
    };
  }

  private static Refusal incomplete(Layer layer) {
    return new Refusal(
        MODEL_INCOMPLETE,
        "the model does not say what shape its input has (layer '%s'): build it before saving"
            .formatted(layer.name()));
  }
}
