package dev.espalier.engine.format.keras.layer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import java.util.ArrayList;
import java.util.List;

/** Numbers in a setting: one, or lists of them, or an array as Keras serialises it. */
final class Numbers {
  private Numbers() {}

  static float[] of(LayerCall call, String field) {
    JsonNode value = call.config().raw(field);
    JsonNode plain = value.isObject() ? value.path("config").path("value") : value;
    ArrayList<Float> found = new ArrayList<>();
    collect(call, field, plain, found);
    float[] numbers = new float[found.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = found.get(i);
    }
    return numbers;
  }

  private static void collect(LayerCall call, String field, JsonNode value, List<Float> found) {
    if (value.isArray()) {
      value.forEach(item -> collect(call, field, item, found));
    } else if (value.isNumber() && Float.isFinite(value.floatValue())) {
      found.add(value.floatValue());
    } else {
      throw call.config().malformed("'" + field + "' must hold finite numbers");
    }
  }
}
