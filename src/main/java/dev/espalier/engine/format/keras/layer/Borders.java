package dev.espalier.engine.format.keras.layer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import java.util.ArrayList;
import java.util.List;

/**
 * Elements at both ends of each spatial axis.
 *
 * @param before at the front of each axis
 * @param after at the end of each axis
 */
record Borders(List<Long> before, List<Long> after) {

  /** Copies its lists. */
  Borders {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /**
   * Reads a setting: one number for all ends; with one axis the pair of its two ends; with more,
   * one number or one pair per axis.
   */
  static Borders of(LayerCall call, String field, int axes) {
    JsonNode value = call.config().raw(field);
    JsonNode plain = value.isObject() ? value.path("items") : value;
    List<Long> before = new ArrayList<>();
    List<Long> after = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      JsonNode both = axes > 1 && plain.isArray() ? plain.path(axis) : plain;
      JsonNode pair = both.isObject() ? both.path("items") : both;
      before.add(size(call, field, pair.isArray() ? pair.path(0) : pair));
      after.add(size(call, field, pair.isArray() ? pair.path(1) : pair));
      if (pair.isArray() && pair.size() != 2) {
        throw call.config().malformed("'" + field + "' must hold pairs, but is " + plain);
      }
    }
    if (plain.isArray() && plain.size() != Math.max(axes, 2)) {
      throw call.config().malformed("'" + field + "' does not fit " + axes + " axes");
    }
    return new Borders(before, after);
  }

  private static long size(LayerCall call, String field, JsonNode value) {
    if (!value.isInt() || value.intValue() < 0) {
      throw call.config().malformed("'" + field + "' must hold integers of at least 0");
    }
    return value.intValue();
  }
}
