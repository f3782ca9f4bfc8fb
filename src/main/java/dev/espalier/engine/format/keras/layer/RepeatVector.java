package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.List;

/** A vector as a sequence of {@code n} equal steps. */
final class RepeatVector implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Value input = Settings.ranked(call, call.input(), 2).unmasked();
    int times = call.config().integer("n", 1);
    Nodes on = new Nodes(call);
    String step = on.unsqueeze(input.name(), 1);
    String repeated = on.node("Expand", step, on.integers("shape", 1, times, 1));
    List<Long> shape = List.of(input.shape().get(0), (long) times, input.dimension(1));
    return List.of(input.renamed(repeated).shaped(shape));
  }
}
