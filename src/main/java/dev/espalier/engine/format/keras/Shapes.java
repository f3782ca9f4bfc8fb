package dev.espalier.engine.format.keras;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shapes as Keras writes them: lists of sizes and nulls. */
final class Shapes {
  private static final String ITEMS = "items";

  private Shapes() {}

  /** A shape of at least one axis, empty when the value is none. */
  static Optional<List<Long>> optional(JsonNode value) {
    JsonNode list = value.isObject() && value.has(ITEMS) ? value.path(ITEMS) : value;
    if (!list.isArray() || list.isEmpty()) {
      return Optional.empty();
    }
    List<Long> shape = new ArrayList<>(list.size());
    for (JsonNode size : list) {
      boolean known = size.isIntegralNumber() && size.canConvertToInt() && size.intValue() > 0;
      if (!known && !size.isNull()) {
        return Optional.empty();
      }
      shape.add(known ? size.longValue() : ValueInfo.UNKNOWN);
    }
    return Optional.of(List.copyOf(shape));
  }
}
