package dev.espalier.engine.format.keras.layer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Numbers in a setting: one, or lists of them, or an array as Keras serialises it. */
final class Numbers {
  private Numbers() {}

  /** The numbers of a setting, row by row. */
  static float[] of(LayerCall call, String field) {
    return of(call, field, plain(call.config().raw(field)));
  }

  /** The numbers of a value in their shape, which must be regular. */
  static Tensor tensor(LayerCall call, String field, JsonNode value) {
    JsonNode plain = plain(value);
    List<Long> shape = new ArrayList<>();
    for (JsonNode part = plain; part.isArray(); part = part.path(0)) {
      shape.add((long) part.size());
    }
    float[] numbers = of(call, field, plain);
    long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
    if (numbers.length == 0 || Settings.product(shape) != numbers.length) {
      throw call.config().malformed("'" + field + "' must hold as many numbers in each row");
    }
    return Tensor.of(numbers, sizes);
  }

  private static JsonNode plain(JsonNode value) {
    return value.isObject() ? value.path("config").path("value") : value;
  }

  private static float[] of(LayerCall call, String field, JsonNode plain) {
    List<Float> found = new ArrayList<>();
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
