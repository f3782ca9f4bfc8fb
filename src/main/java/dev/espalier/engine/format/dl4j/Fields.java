package dev.espalier.engine.format.dl4j;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.engine.format.json.ConfigurationObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Typed access to one object of the configuration. What is missing or has another type is refused
 * with its place; class names are only ever compared as text.
 */
final class Fields extends ConfigurationObject {
  private final JsonPointer place;

  /**
   * Fields of an object.
   *
   * @param place of the object in the configuration
   * @param where what the object describes, for messages
   */
  Fields(JsonNode node, JsonPointer place, String where) {
    super(node, where);
    this.place = place;
  }

  /** The same object, described otherwise in messages. */
  Fields described(String otherwise) {
    return new Fields(node, place, otherwise);
  }

  /** Place of one of the object's fields in the configuration. */
  JsonPointer place(String field) {
    return place.appendProperty(field);
  }

  /** A text, empty when absent or null. */
  Optional<String> text(String field) {
    JsonNode value = node.path(field);
    return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
  }

  /** Whether a field is there, be it null. */
  boolean has(String field) {
    return node.has(field);
  }

  /** A boolean, or {@code absent} when it is absent or null. */
  boolean flag(String field, boolean absent) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    require(value.isBoolean(), field, "true or false");
    return value.booleanValue();
  }

  /**
   * Integers in [least, 2^31), one per axis. Older versions wrote a single number where there is
   * one axis; what later ones write for an axis there is not is left out.
   *
   * @param absent of each axis, when the field is absent or null
   */
  List<Long> integers(String field, int axes, int least, long absent) {
    JsonNode value = node.path(field);
    List<Long> integers = new ArrayList<>(axes);
    if (value.isMissingNode() || value.isNull()) {
      for (int axis = 0; axis < axes; axis++) {
        integers.add(absent);
      }
      return integers;
    }
    boolean single = axes == 1 && value.isNumber();
    require(
        single || (value.isArray() && value.size() >= axes), field, axes + " integers in a list");
    for (int axis = 0; axis < axes; axis++) {
      integers.add((long) integer(single ? value : value.get(axis), field, least));
    }
    return integers;
  }

  /** All integers of a list, each in [least, 2^31); empty when absent, null or empty. */
  List<Integer> list(String field, int least) {
    JsonNode value = node.path(field);
    require(value.isMissingNode() || value.isNull() || value.isArray(), field, "a list");
    List<Integer> integers = new ArrayList<>(value.size());
    value.forEach(element -> integers.add(integer(element, field, least)));
    return integers;
  }

  /**
   * A number; {@code absent} when absent or null, or "NaN", as older versions write what is not
   * set.
   */
  double number(String field, double absent) {
    JsonNode value = node.path(field);
    boolean unset = value.isTextual() && value.textValue().equals("NaN");
    if (unset || value.isMissingNode() || value.isNull()) {
      return absent;
    }
    require(value.isNumber() && Double.isFinite(value.doubleValue()), field, "a number");
    return value.doubleValue();
  }

  /** Whether a number is given. */
  boolean isNumber(String field) {
    return node.path(field).isNumber();
  }

  /** The objects in a list; none when absent or null. */
  List<Fields> objects(String field) {
    JsonNode value = node.path(field);
    require(value.isMissingNode() || value.isNull() || value.isArray(), field, "a list");
    List<Fields> objects = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      require(value.get(i).isObject(), field, "a list of objects");
      objects.add(new Fields(value.get(i), place(field).appendIndex(i), where));
    }
    return objects;
  }

  /** A nested object, or empty when absent or null. */
  Optional<Fields> object(String field) {
    JsonNode value = node.path(field);
    require(value.isMissingNode() || value.isNull() || value.isObject(), field, "an object");
    return value.isObject()
        ? Optional.of(new Fields(value, place(field), where))
        : Optional.empty();
  }

  /** A nested object that must be there. */
  Fields requiredObject(String field) {
    require(node.path(field).isObject(), field, "an object");
    return new Fields(node.path(field), place(field), where);
  }

  /** The names of the object's fields, in the file's order. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The texts in a list; none when absent or null. */
  List<String> texts(String field) {
    JsonNode value = node.path(field);
    require(value.isMissingNode() || value.isNull() || value.isArray(), field, "a list");
    List<String> texts = new ArrayList<>(value.size());
    for (JsonNode text : value) {
      require(text.isTextual(), field, "a list of texts");
      texts.add(text.textValue());
    }
    return texts;
  }

  /** Whether a setting says NHWC; older versions only know NCHW. */
  boolean channelsLast(String field) {
    String layout = text(field).orElse("NCHW");
    return switch (layout) {
      case "NCHW" -> false;
      case "NHWC" -> true;
      default -> throw unsupported("data format '" + layout + "' is not supported");
    };
  }

  /** Whether a setting says NWC; older versions only know NCW. */
  boolean featuresLast(String field) {
    String layout = text(field).orElse("NCW");
    return switch (layout) {
      case "NCW" -> false;
      case "NWC" -> true;
      default -> throw unsupported("data format '" + layout + "' is not supported");
    };
  }
}
