package dev.espalier.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Objects;

/** JSON of the golden examples, and equality that does not mind how Java holds a number. */
final class JsonTrees {
  static final Comparator<JsonNode> BY_VALUE =
      (a, b) ->
          a.isNumber() && b.isNumber()
              ? a.decimalValue().compareTo(b.decimalValue())
              : a.equals(b) ? 0 : 1;

  private JsonTrees() {}

  static ObjectNode example(String name) {
    try (InputStream in =
        JsonTrees.class.getResourceAsStream("/schemas/examples/" + name + ".json")) {
      return (ObjectNode) ContractJson.mapper().readTree(Objects.requireNonNull(in, name));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  static JsonNode parse(String json) {
    try {
      return ContractJson.mapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
  }

  /** What {@code tree} becomes when it is read as {@code type} and written again. */
  static JsonNode throughRecord(JsonNode tree, Class<?> type) {
    try {
      Object value = ContractJson.mapper().readValue(tree.toString(), type);
      return parse(ContractJson.mapper().writeValueAsString(value));
    } catch (IOException e) {
      throw new UncheckedIOException(tree.toString(), e);
    }
  }
}
