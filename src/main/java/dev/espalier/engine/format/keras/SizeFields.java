package dev.espalier.engine.format.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** The settings by which layers say how large they are, and the weights from which these follow. */
final class SizeFields {
  private final Map<String, List<Long>> shapes;

  /**
   * Settings that follow from weights.
   *
   * @param shapes of weights by name of their tensor, as Keras has them
   */
  SizeFields(Map<String, List<Long>> shapes) {
    this.shapes = shapes;
  }

  /**
   * Sets what a layer says about its size.
   *
   * @param prefix of the names of its weights
   */
  void apply(String className, ObjectNode config, String prefix) {
    if (className.startsWith("SeparableConv")) {
      set(config, "filters", prefix + "pointwise_kernel", -1);
    } else if (className.startsWith("Conv")) {
      set(config, "filters", prefix + "kernel", className.endsWith("Transpose") ? -2 : -1);
    }
    switch (className) {
      case "Dense" -> set(config, "units", prefix + "kernel", -1);
      case "LSTM", "GRU", "SimpleRNN" -> set(config, "units", prefix + "cell/recurrent_kernel", 0);
      case "Embedding" -> {
        set(config, "input_dim", prefix + "embeddings", 0);
        set(config, "output_dim", prefix + "embeddings", 1);
      }
      case "RNN" -> {
        if (config.path("cell").path("config") instanceof ObjectNode cell && cell.has("units")) {
          set(cell, "units", prefix + "cell/recurrent_kernel", 0);
        }
      }
      case "Bidirectional" -> {
        wrapped(config.path("layer"), prefix + "forward_layer/");
        wrapped(config.path("backward_layer"), prefix + "backward_layer/");
      }
      case "TimeDistributed" -> wrapped(config.path("layer"), prefix + "layer/");
      default -> {
        // Its size follows from what flows into it.
      }
    }
  }

  private void wrapped(JsonNode layer, String prefix) {
    if (layer.path("config") instanceof ObjectNode config) {
      apply(layer.path("class_name").asText(), config, prefix);
    }
  }

  private void set(ObjectNode config, String field, String weight, int axis) {
    List<Long> shape = shapes.get(weight);
    if (shape != null) {
      config.put(field, shape.get(axis < 0 ? axis + shape.size() : axis));
    }
  }
}
