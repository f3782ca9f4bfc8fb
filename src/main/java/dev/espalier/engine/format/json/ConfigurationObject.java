package dev.espalier.engine.format.json;

import static dev.espalier.contract.ReasonCode.LAYER_UNSUPPORTED;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.Refusal;

/**
 * One object of a model's configuration: what is missing or has another type is refused with its
 * place. What each format adds is how its releases wrote their settings.
 */
public abstract class ConfigurationObject {
  private static final int EXCERPT = 60;

  /** The object, or what stands in its place. */
  protected final JsonNode node;

  /** What it describes, for messages. */
  protected final String where;

  /** An object described by {@code where} in messages. */
  protected ConfigurationObject(JsonNode node, String where) {
    this.node = node;
    this.where = where;
  }

  /** Whether a field is absent or null. */
  public final boolean isAbsent(String field) {
    return node.path(field).isMissingNode() || node.path(field).isNull();
  }

  /** Whether a field is absent, null, false, or an empty list or object. */
  public final boolean isUnset(String field) {
    JsonNode value = node.path(field);
    return isAbsent(field)
        || (value.isContainerNode() && value.isEmpty())
        || (value.isBoolean() && !value.booleanValue());
  }

  /** An integer in [least, 2^31) that must be there. */
  public final int integer(String field, int least) {
    return integer(node.path(field), field, least);
  }

  /** A refusal that names this object. */
  public final Refusal unsupported(String what) {
    return new Refusal(LAYER_UNSUPPORTED, where + ": " + what);
  }

  /** A refusal that names this object. */
  public final Refusal malformed(String what) {
    return new Refusal(MODEL_MALFORMED, where + ": " + what);
  }

  /** The integer in [least, 2^31) that {@code value}, found in a field, must be. */
  protected final int integer(JsonNode value, String field, int least) {
    boolean fits = value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= least;
    require(fits, field, "an integer of at least " + least);
    return value.intValue();
  }

  /** Refuses a field that is not what is expected, with what it is. */
  protected final void require(boolean holds, String field, String expected) {
    if (!holds) {
      String found = node.path(field).toString();
      throw malformed(
          "'%s' must be %s, but is %s"
              .formatted(
                  field,
                  expected,
                  found.isEmpty()
                      ? "absent"
                      : found.substring(0, Math.min(EXCERPT, found.length()))));
    }
  }
}
