package dev.espalier.engine.format.dl4j;

import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;
import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import java.io.IOException;

/** What a {@code configuration.json} describes. */
sealed interface Network permits MultiLayerNetwork, ComputationGraph {
  /**
   * Assembles its graph.
   *
   * @throws Refusal when layers do not fit each other or the parameters
   */
  Assembly.Assembled assemble(Coefficients coefficients);

  /**
   * Parses a configuration: strict JSON of bounded depth. Which kind of network it is shows from
   * its fields, whatever version wrote them.
   *
   * @throws Refusal when it is not one of a network we can read
   */
  static Network parse(byte[] json, FormatLimits limits) {
    JsonNode root = tree(json);
    if (root.has("vertices") || root.has("networkInputs")) {
      requireAtMost(root.path("vertices").size(), limits.nodes());
      int links = root.path("networkInputs").size() + root.path("networkOutputs").size();
      for (JsonNode sources : root.path("vertexInputs")) {
        links += sources.size();
      }
      requireAtMost(links, limits.tensors());
      return ComputationGraph.of(new Fields(root, JsonPointer.empty(), "configuration.json"));
    }
    JsonNode layers = root.path("confs");
    if (!layers.isArray() || layers.isEmpty()) {
      throw new Refusal(MODEL_INCOMPLETE, "configuration.json lists no layers in 'confs'");
    }
    requireAtMost(layers.size(), limits.nodes());
    return MultiLayerNetwork.of(new Fields(root, JsonPointer.empty(), "configuration.json"));
  }

  private static void requireAtMost(int size, int most) {
    if (size > most) {
      throw new Refusal(
          GRAPH_TOO_LARGE,
          "the network has %d layers, vertices or links, at most %d".formatted(size, most));
    }
  }

  private static JsonNode tree(byte[] json) {
    try {
      return ContractJson.mapper().readTree(json);
    } catch (IOException e) {
      throw new Refusal(MODEL_MALFORMED, "configuration.json is not valid: " + e.getMessage(), e);
    }
  }
}
