package dev.espalier.engine.format.keras.lowering;

import java.util.List;

/** Turns a call of a layer into operators. */
@FunctionalInterface
public interface Lowering {
  /**
   * Appends the layer's operators and takes its weights.
   *
   * @return the layer's results; one for most
   * @throws dev.espalier.contract.Refusal when its settings are malformed or not supported
   */
  List<Value> lower(LayerCall call);
}
