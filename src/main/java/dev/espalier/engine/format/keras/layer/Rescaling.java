package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Tensor;
import java.util.List;

/** x · scale + offset; each a number or one per channel, the last axis. */
final class Rescaling implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Value input = call.graph().asKeras(call.input());
    Nodes on = new Nodes(call);
    String scaled = on.node("Mul", input.name(), numbers(call, input, "scale"));
    String result =
        call.config().isAbsent("offset")
            ? scaled
            : on.node("Add", scaled, numbers(call, input, "offset"));
    return List.of(input.renamed(result));
  }

  private static String numbers(LayerCall call, Value input, String field) {
    float[] values = Numbers.of(call, field);
    if (values.length == 1) {
      return new Nodes(call).scalar(values[0]);
    }
    if (values.length != input.dimension(-1)) {
      throw call.config()
          .malformed("'%s' has %d numbers, which do not fit".formatted(field, values.length));
    }
    return call.constant(field, Tensor.of(values, values.length));
  }
}
