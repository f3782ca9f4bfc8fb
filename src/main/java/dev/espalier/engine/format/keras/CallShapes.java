package dev.espalier.engine.format.keras;

import dev.espalier.engine.format.keras.lowering.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The shapes, batch included, that flow into and out of the layers of a model, by their names. */
final class CallShapes {
  private final Map<String, List<List<Long>>> inputs = new HashMap<>();
  private final Map<String, List<List<Long>>> outputs = new HashMap<>();

  /** Notes a call of a layer. */
  void note(String layer, List<Value> given, List<Value> results) {
    inputs.put(layer, given.stream().map(Value::shape).toList());
    outputs.put(layer, results.stream().map(Value::shape).toList());
  }

  /** What a layer, with the names of the models around it, is called on. */
  List<List<Long>> inputs(String layer) {
    return inputs.getOrDefault(layer, List.of());
  }

  /** What a layer gives. */
  List<List<Long>> outputs(String layer) {
    return outputs.getOrDefault(layer, List.of());
  }
}
