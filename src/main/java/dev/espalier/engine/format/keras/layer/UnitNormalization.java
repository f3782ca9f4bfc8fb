package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.List;

/** Scales to Euclidean length 1 over some axes. */
final class UnitNormalization implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Value input = call.graph().asKeras(call.input());
    long[] axes =
        Settings.axes(call, "axis", input.rank(), -1).stream()
            .mapToLong(Integer::longValue)
            .toArray();
    return List.of(input.renamed(new Nodes(call).unitLength(input.name(), axes)));
  }
}
