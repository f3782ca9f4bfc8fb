package dev.espalier.engine.format.dl4j;

import static dev.espalier.contract.ReasonCode.FORMAT_UNSUPPORTED_VERSION;
import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;
import static dev.espalier.contract.ReasonCode.LAYER_UNSUPPORTED;
import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code configuration.json} of a {@code MultiLayerNetwork}.
 *
 * @param stages in order
 */
record Network(List<Stage> stages) {
  /**
   * A layer with what happens before it.
   *
   * @param preprocessor change of shape that comes first
   * @param dropRatio probability that an element of the layer's input is dropped in training
   */
  record Stage(@Nullable Preprocessor preprocessor, double dropRatio, Layer layer) {}

  /**
   * Parses a configuration: strict JSON of bounded depth.
   *
   * @throws Refusal when it is not one of a network we can read
   */
  static Network parse(byte[] json, FormatLimits limits) {
    JsonNode root = tree(json);
    if (root.has("vertices") || root.has("networkInputs")) {
      throw new Refusal(
          LAYER_UNSUPPORTED,
          "the archive holds a ComputationGraph, which is not read yet: use a MultiLayerNetwork");
    }
    JsonNode confs = root.path("confs");
    if (!confs.isArray() || confs.isEmpty()) {
      throw new Refusal(MODEL_INCOMPLETE, "configuration.json lists no layers in 'confs'");
    }
    if (confs.size() > limits.nodes()) {
      throw new Refusal(
          GRAPH_TOO_LARGE,
          "the network has %d layers, at most %d".formatted(confs.size(), limits.nodes()));
    }
    if (!confs.get(0).path("layer").isObject() || !confs.get(0).path("layer").has("@class")) {
      throw new Refusal(
          FORMAT_UNSUPPORTED_VERSION,
          "configuration.json names no layer class: save the model with Deeplearning4j 1.0.0");
    }
    JsonNode preprocessors = root.path("inputPreProcessors");
    List<Stage> stages = new ArrayList<>(confs.size());
    for (int i = 0; i < confs.size(); i++) {
      LayerReader.Read read = LayerReader.read(i, confs.get(i));
      JsonNode node = preprocessors.path(Integer.toString(i));
      Fields fields = new Fields(node, "preprocessor of layer " + i);
      Preprocessor preprocessor = node.isObject() ? Preprocessor.of(fields) : null;
      stages.add(new Stage(preprocessor, read.dropRatio(), read.layer()));
    }
    return new Network(List.copyOf(stages));
  }

  private static JsonNode tree(byte[] json) {
    try {
      return ContractJson.mapper().readTree(json);
    } catch (IOException e) {
      throw new Refusal(MODEL_MALFORMED, "configuration.json is not valid: " + e.getMessage(), e);
    }
  }

  /** What the network takes. */
  Flow input() {
    Stage first = stages.get(0);
    if (first.preprocessor() != null) {
      return first.preprocessor().input();
    }
    return first
        .layer()
        .input()
        .orElseThrow(
            () ->
                new Refusal(
                    LAYER_UNSUPPORTED,
                    "layer 0 '%s' does not tell the size of the network's input"
                        .formatted(first.layer().name())));
  }
}
