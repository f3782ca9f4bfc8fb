package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.DataType;
import java.util.List;

/** Masks the steps whose features all equal {@code mask_value}, and sets them to zero. */
final class Masking implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Value input = Settings.ranked(call, call.graph().asKeras(call.input()), 3);
    Nodes on = new Nodes(call);
    String equal = on.node("Equal", input.name(), on.scalar(call.config().number("mask_value", 0)));
    String different = on.cast(on.node("Not", equal), DataType.FLOAT);
    String kept = on.maximumOfLast(different);
    String mask = on.cast(on.squeeze(kept, 2), DataType.BOOL);
    return List.of(input.renamed(on.node("Mul", input.name(), kept)).masked(mask));
  }
}
