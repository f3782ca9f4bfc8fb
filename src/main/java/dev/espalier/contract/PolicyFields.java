package dev.espalier.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The fields of a policy as its schema describes them, by dotted name such as {@code gate.metric}.
 */
final class PolicyFields {
  private static final String REFERENCE = "#/$defs/";

  /** Share of a name that may be mistyped. */
  private static final int LETTERS_PER_SLIP = 3;

  private PolicyFields() {}

  /** The schema of a field, or of an item of a list; missing where there is no such field. */
  static JsonNode schema(String field) {
    JsonNode schema = Schemas.policy().document();
    for (String name : field.isEmpty() ? new String[0] : field.split("[.\\[]", -1)) {
      boolean item = name.endsWith("]");
      schema = resolved(item ? schema.path("items") : property(schema, name));
    }
    return schema;
  }

  /** Fields of {@code granularity} stand behind its alternatives. */
  private static JsonNode property(JsonNode schema, String name) {
    JsonNode own = schema.path("properties").path(name);
    return own.isMissingNode() ? schema.path("else").path("properties").path(name) : own;
  }

  private static JsonNode resolved(JsonNode schema) {
    String reference = schema.path("$ref").asText();
    return reference.startsWith(REFERENCE)
        ? Schemas.policy().document().path("$defs").path(reference.substring(REFERENCE.length()))
        : schema;
  }

  /** What a field may be, as a phrase that follows "it must be"; empty where no phrase would do. */
  static Optional<String> allowed(String field) {
    JsonNode schema = schema(field);
    if (schema.has("enum")) {
      List<String> values = new ArrayList<>();
      schema.get("enum").forEach(value -> values.add(value.asText()));
      return Optional.of("one of " + String.join(", ", values));
    }
    List<String> types = new ArrayList<>();
    JsonNode type = schema.path("type");
    type.forEach(t -> types.add(t.asText()));
    types.add(type.asText());
    String orNull = types.contains("null") ? ", or null" : "";
    if (types.contains("integer") || types.contains("number")) {
      String kind = types.contains("integer") ? "an integer" : "a number";
      return Optional.of(kind + range(schema) + orNull);
    }
    if (types.contains("boolean")) {
      return Optional.of("true or false" + orNull);
    }
    if (types.contains("array")) {
      return Optional.of(
          schema.has("maxItems") ? "a list of at most " + schema.get("maxItems") : "a list");
    }
    return types.contains("object")
        ? Optional.of("a group of the fields " + String.join(", ", names(field)) + orNull)
        : Optional.empty();
  }

  private static String range(JsonNode schema) {
    JsonNode least = schema.path("minimum");
    JsonNode above = schema.path("exclusiveMinimum");
    JsonNode most = schema.path("maximum");
    JsonNode below = schema.path("exclusiveMaximum");
    String low =
        least.isNumber()
            ? " from " + least.asText()
            : above.isNumber() ? " above " + above.asText() : "";
    String high =
        most.isNumber()
            ? (least.isNumber() ? " to " : " and at most ") + most.asText()
            : below.isNumber() ? (low.isEmpty() ? "" : " and") + " below " + below.asText() : "";
    return low + high;
  }

  /** Names of the fields below a group; of the top level for the empty name. */
  static List<String> names(String group) {
    List<String> names = new ArrayList<>();
    schema(group).path("properties").fieldNames().forEachRemaining(names::add);
    schema(group).path("else").path("properties").fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The field that someone meant who wrote {@code name} below {@code group}. */
  static Optional<String> meant(String group, String name) {
    String prefix = group.isEmpty() ? "" : group + ".";
    Optional<String> alike =
        names(group).stream()
            .filter(
                known -> distance(known, name) <= Math.max(1, known.length() / LETTERS_PER_SLIP))
            .min(Comparator.comparingInt(known -> distance(known, name)))
            .map(prefix::concat);
    return alike.or(() -> elsewhere("", name)).or(() -> elsewhere("", name.replace('_', '-')));
  }

  /** A field of that very name in another group. */
  private static Optional<String> elsewhere(String group, String name) {
    for (String known : names(group)) {
      String field = group.isEmpty() ? known : group + "." + known;
      Optional<String> found = known.equals(name) ? Optional.of(field) : elsewhere(field, name);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Levenshtein's distance: letters to add, drop or replace. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int corner = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = corner + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        corner = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
