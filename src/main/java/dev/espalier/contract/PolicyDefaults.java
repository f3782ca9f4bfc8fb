package dev.espalier.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Defaults of policy fields, taken from the schema file: written down once, used everywhere. */
final class PolicyDefaults {
  private PolicyDefaults() {}

  /** A copy of {@code given}, a valid policy, with every absent field at its default. */
  static ObjectNode fill(ObjectNode given) {
    ObjectNode filled = given.deepCopy();
    JsonNode granularity = filled.path("granularity");
    if (granularity.has("m") && !filled.has("target")) {
      double kept = granularity.path("n").doubleValue() / granularity.path("m").doubleValue();
      filled.putObject("target").put("sparsity", 1 - kept);
    }
    fill(filled, Schemas.policy().document());
    JsonNode schedule = filled.path("schedule");
    if (schedule.path("kind").asText().equals("one-shot")) {
      ((ObjectNode) schedule).put("steps", 1);
    }
    return filled;
  }

  /** Whether {@code value} is the default of a field such as {@code gate.max-drop}. */
  static boolean isDefault(String field, JsonNode value) {
    return value.equals(PolicyDefaults::compareNumbers, defaultOf(field));
  }

  /** Whether a field such as {@code search} only groups others, each with its own default. */
  static boolean isGroup(String field) {
    return defaultOf(field).isObject();
  }

  private static JsonNode defaultOf(String field) {
    JsonNode schema = Schemas.policy().document();
    for (String name : field.split("\\.", -1)) {
      schema = schema.path("properties").path(name);
    }
    return schema.path("default");
  }

  /** Zero when equal; numbers are compared by value, whatever Java type holds them. */
  private static int compareNumbers(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return a.decimalValue().compareTo(b.decimalValue());
    }
    return a.equals(b) ? 0 : 1;
  }

  private static void fill(ObjectNode values, JsonNode schema) {
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              JsonNode own = property.getValue();
              if (!values.has(property.getKey()) && own.has("default")) {
                values.set(property.getKey(), own.get("default").deepCopy());
              }
              if (values.get(property.getKey()) instanceof ObjectNode nested) {
                fill(nested, own);
              }
            });
  }
}
