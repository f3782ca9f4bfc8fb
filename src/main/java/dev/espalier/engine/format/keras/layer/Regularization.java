package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.List;
import java.util.Map;

/**
 * Layers that only act while Keras trains. Those that drop elements become {@code Dropout}, so that
 * recovery drops as well (single elements where Keras drops whole channels); noise and augmentation
 * are left out.
 *
 * @param drops whether it drops
 */
record Regularization(boolean drops) implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Value value = call.input();
    if (!drops) {
      return List.of(value);
    }
    double rate = call.config().number("rate", call.config().number("p", 0));
    if (rate < 0 || rate > 1) {
      throw call.config().malformed("its rate must lie in [0, 1], but is " + rate);
    }
    boolean nothing = rate == 0 || rate == 1;
    return List.of(
        nothing
            ? value
            : value.renamed(
                call.append("Dropout", Map.of(), value.name(), new Nodes(call).scalar(rate))));
  }
}
