package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.List;
import java.util.Map;

/** The layers that are read, by class. */
public final class Layers {
  private static final Map<String, Lowering> BY_CLASS =
      Map.of("Dense", new Dense(), "Activation", new Activation());

  private Layers() {}

  /**
   * Lowers a call of a layer.
   *
   * @throws dev.espalier.contract.Refusal {@code layer-unsupported} for a class that is not read
   */
  public static List<Value> lower(LayerCall call) {
    Lowering lowering = BY_CLASS.get(call.layer().className());
    if (lowering == null) {
      throw call.unsupported("this class of layer is not supported");
    }
    return lowering.lower(call);
  }
}
