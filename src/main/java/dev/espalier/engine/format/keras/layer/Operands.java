package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.format.keras.lowering.Value.Layout;
import java.util.List;

/** Several values brought into one arrangement: images with channels first when one is. */
final class Operands {
  private Operands() {}

  /** The values, all of the same rank and in the same arrangement. */
  static List<Value> aligned(LayerCall call, List<Value> values) {
    boolean moved =
        values.stream().anyMatch(value -> value.layout() == Layout.CHANNELS_MOVED_FIRST)
            && values.stream().map(Value::rank).distinct().count() == 1;
    return values.stream()
        .map(value -> moved ? call.graph().channelsMovedFirst(value) : call.graph().asKeras(value))
        .toList();
  }

  /** The axis of the graph's value that an axis of Keras is. */
  static long heldAxis(Value value, int axis) {
    boolean moved = value.layout() == Layout.CHANNELS_MOVED_FIRST && value.rank() > 2;
    if (!moved || axis == 0) {
      return axis;
    }
    return axis == value.rank() - 1 ? 1 : axis + 1L;
  }
}
