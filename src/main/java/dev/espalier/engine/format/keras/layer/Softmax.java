package dev.espalier.engine.format.keras.layer;

import static dev.espalier.contract.ReasonCode.UNSUPPORTED_MASK;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Attribute;
import java.util.List;
import java.util.Map;

/** Softmax over one axis. */
final class Softmax implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Value value = call.input();
    if (value.mask().isPresent()) {
      throw new Refusal(
          UNSUPPORTED_MASK,
          call.config().where() + ": Softmax adds the mask to its input, which is not supported");
    }
    List<Integer> axes = Settings.axes(call, "axis", value.rank(), -1);
    if (axes.size() != 1) {
      throw call.unsupported("Softmax over several axes at once is not supported");
    }
    return List.of(apply(call, "Softmax", value, axes.get(0)));
  }

  /** Softmax or its logarithm over an axis of Keras. */
  static Value apply(LayerCall call, String operator, Value value, int axis) {
    Value asKeras = call.graph().asKeras(value);
    long last = axis < 0 || axis == value.rank() - 1 ? -1 : axis;
    return asKeras.renamed(
        call.append(operator, Map.of("axis", new Attribute.Int(last)), asKeras.name()));
  }
}
