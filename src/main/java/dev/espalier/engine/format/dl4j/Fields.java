package dev.espalier.engine.format.dl4j;

import static dev.espalier.contract.ReasonCode.LAYER_UNSUPPORTED;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.Refusal;
import java.util.Optional;

/**
 * Typed access to one object of the configuration. What is missing or has another type is refused
 * with its place; class names are only ever compared as text.
 */
final class Fields {
  private final JsonNode node;
  private final String where;

  /**
   * Fields of an object.
   *
   * @param where what the object describes, for messages
   */
  Fields(JsonNode node, String where) {
    this.node = node;
    this.where = where;
  }

  /** What the object describes. */
  String where() {
    return where;
  }

  /** The class that Deeplearning4j would instantiate, or empty when none is named. */
  Optional<String> className() {
    return text("@class");
  }

  /** A text, empty when absent or null. */
  Optional<String> text(String field) {
    JsonNode value = node.path(field);
    return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
  }

  /** A boolean that must be there. */
  boolean flag(String field) {
    JsonNode value = node.path(field);
    require(value.isBoolean(), field, "true or false");
    return value.booleanValue();
  }

  /** An integer in [least, 2^31). */
  int integer(String field, int least) {
    return integer(node.path(field), field, least);
  }

  /** The two integers of a spatial setting, each in [least, 2^31). */
  Spatial spatial(String field, int least) {
    JsonNode pair = node.path(field);
    require(pair.isArray() && pair.size() == 2, field, "a list of two integers");
    return new Spatial(integer(pair.get(0), field, least), integer(pair.get(1), field, least));
  }

  /** A number, or empty when absent or null. */
  Optional<Double> number(String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    require(value.isNumber() && Double.isFinite(value.doubleValue()), field, "a number");
    return Optional.of(value.doubleValue());
  }

  /** A nested object, or empty when absent or null. */
  Optional<Fields> object(String field) {
    JsonNode value = node.path(field);
    return value.isObject() ? Optional.of(new Fields(value, where)) : Optional.empty();
  }

  /** A nested object that must be there. */
  Fields requiredObject(String field) {
    require(node.path(field).isObject(), field, "an object");
    return new Fields(node.path(field), where);
  }

  /** Whether a field is absent, null, or an empty list or object. */
  boolean isUnset(String field) {
    JsonNode value = node.path(field);
    return value.isMissingNode()
        || value.isNull()
        || (value.isContainerNode() && value.isEmpty())
        || (value.isBoolean() && !value.booleanValue());
  }

  /** A refusal that names this object. */
  Refusal unsupported(String what) {
    return new Refusal(LAYER_UNSUPPORTED, where + ": " + what);
  }

  /** A refusal that names this object. */
  Refusal malformed(String what) {
    return new Refusal(MODEL_MALFORMED, where + ": " + what);
  }

  private int integer(JsonNode value, String field, int least) {
    boolean fits = value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= least;
    require(fits, field, "an integer of at least " + least);
    return value.intValue();
  }

  private void require(boolean holds, String field, String expected) {
    if (!holds) {
      String found = node.path(field).toString();
      throw malformed(
          "'%s' must be %s, but is %s"
              .formatted(
                  field,
                  expected,
                  found.isEmpty() ? "absent" : found.substring(0, Math.min(60, found.length()))));
    }
  }
}
