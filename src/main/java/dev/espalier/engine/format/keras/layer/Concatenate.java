package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/** Values side by side along an axis. */
final class Concatenate implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    int rank = call.inputs().get(0).rank();
    int axis = Settings.axes(call, "axis", rank, -1).get(0);
    if (axis == 0) {
      throw call.unsupported("joining samples of the batch is not supported");
    }
    List<Value> values = Operands.aligned(call, call.inputs());
    List<Long> shape = new ArrayList<>(values.get(0).shape());
    for (Value value : values.subList(1, values.size())) {
      Settings.ranked(call, value, rank);
      for (int i = 0; i < rank; i++) {
        shape.set(i, joined(call, shape.get(i), value.shape().get(i), i == axis));
      }
    }
    boolean masked = call.inputs().stream().anyMatch(value -> value.mask().isPresent());
    if (masked && axis != rank - 1) {
      throw Masks.refusal(call, "masked values joined along time are not supported");
    }
    Value first = values.get(0);
    String[] names = values.stream().map(Value::name).toArray(String[]::new);
    Value result =
        first
            .unmasked()
            .renamed(new Nodes(call).concat(Operands.heldAxis(first, axis), names))
            .shaped(shape);
    return List.of(masked ? Masks.shared(call).map(result::masked).orElse(result) : result);
  }

  private static long joined(LayerCall call, long a, long b, boolean along) {
    boolean open = a == ValueInfo.UNKNOWN || b == ValueInfo.UNKNOWN;
    if (along) {
      return open ? ValueInfo.UNKNOWN : Math.addExact(a, b);
    }
    if (!open && a != b) {
      throw call.config().malformed("sizes %d and %d do not go side by side".formatted(a, b));
    }
    return a == ValueInfo.UNKNOWN ? b : a;
  }
}
