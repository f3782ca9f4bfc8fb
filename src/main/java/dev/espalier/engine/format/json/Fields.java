package dev.espalier.engine.format.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Typed access to one object of a model's configuration. What is missing or has another type is
 * refused with its place; names of classes, modules and functions are only ever compared as text.
 */
public final class Fields extends ConfigurationObject {
  /**
   * Fields of an object; of none at all when {@code node} is not an object.
   *
   * @param where what the object describes, for messages
   */
  public Fields(JsonNode node, String where) {
    super(node, where);
  }

  /** What the object describes. */
  public String where() {
    return where;
  }

  /** The same object, described otherwise. */
  public Fields at(String otherPlace) {
    return new Fields(node, otherPlace);
  }

  /** The object itself. */
  public JsonNode node() {
    return node;
  }

  /** The raw value of a field, a missing node when absent. */
  public JsonNode raw(String field) {
    return node.path(field);
  }

  /** All fields with their raw values. */
  public Set<Map.Entry<String, JsonNode>> entries() {
    return node.properties();
  }

  /** A text, empty when absent or null. */
  public Optional<String> text(String field) {
    if (isAbsent(field)) {
      return Optional.empty();
    }
    require(node.path(field).isTextual(), field, "a text");
    return Optional.of(node.path(field).textValue());
  }

  /** A boolean, where 0 and 1 count as well, or {@code absent}. */
  public boolean flag(String field, boolean absent) {
    if (isAbsent(field)) {
      return absent;
    }
    JsonNode value = node.path(field);
    boolean bit = value.isInt() && (value.intValue() == 0 || value.intValue() == 1);
    require(value.isBoolean() || bit, field, "true or false");
    return value.asBoolean();
  }

  /** An integer in [least, 2^31), or {@code absent}. */
  public int integer(String field, int least, int absent) {
    return isAbsent(field) ? absent : integer(field, least);
  }

  /** A finite number, empty when absent or null. */
  public Optional<Double> number(String field) {
    if (isAbsent(field)) {
      return Optional.empty();
    }
    JsonNode value = node.path(field);
    require(value.isNumber() && Double.isFinite(value.doubleValue()), field, "a number");
    return Optional.of(value.doubleValue());
  }

  /** A finite number, or {@code absent}. */
  public double number(String field, double absent) {
    return number(field).orElse(absent);
  }

  /**
   * Integers in [least, 2^31): a list, or a single one as a list of one; empty when absent or null.
   */
  public List<Integer> integers(String field, int least) {
    if (isAbsent(field)) {
      return List.of();
    }
    JsonNode value = items(field);
    if (!value.isArray()) {
      return List.of(integer(value, field, least));
    }
    List<Integer> values = new ArrayList<>(value.size());
    value.forEach(item -> values.add(integer(item, field, least)));
    return List.copyOf(values);
  }

  /**
   * One integer in [least, 2^31) per axis, where a single one stands for all axes, or {@code
   * absent} for all.
   */
  public List<Integer> perAxis(String field, int axes, int least, int absent) {
    List<Integer> given = integers(field, least);
    if (given.isEmpty()) {
      return Collections.nCopies(axes, absent);
    }
    if (given.size() == 1 && !items(field).isArray()) {
      return Collections.nCopies(axes, given.get(0));
    }
    require(given.size() == axes, field, "one integer for each of " + axes + " axes");
    return given;
  }

  /** The elements of a list, each with its place; empty when absent or null. */
  public List<Fields> objects(String field) {
    if (isAbsent(field)) {
      return List.of();
    }
    require(node.path(field).isArray(), field, "a list");
    return StreamSupport.stream(node.path(field).spliterator(), false)
        .map(item -> new Fields(item, where))
        .toList();
  }

  /** A nested object, empty when absent or null. */
  public Optional<Fields> object(String field) {
    if (isAbsent(field)) {
      return Optional.empty();
    }
    return Optional.of(requiredObject(field));
  }

  /** A nested object that must be there. */
  public Fields requiredObject(String field) {
    require(node.path(field).isObject(), field, "an object");
    return new Fields(node.path(field), where);
  }

  /** A text that must be there. */
  public String requiredText(String field) {
    require(node.path(field).isTextual(), field, "a text");
    return node.path(field).textValue();
  }

  /** Old releases of Keras wrote tuples as objects of class {@code __tuple__}. */
  private JsonNode items(String field) {
    JsonNode value = node.path(field);
    return value.isObject() && value.has("items") ? value.path("items") : value;
  }
}
