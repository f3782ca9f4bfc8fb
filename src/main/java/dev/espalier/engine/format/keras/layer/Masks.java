package dev.espalier.engine.format.keras.layer;

import static dev.espalier.contract.ReasonCode.UNSUPPORTED_MASK;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What becomes of the masks of several values. */
final class Masks {
  private Masks() {}

  /** The mask that all values share, or none; different ones are refused. */
  static Optional<String> shared(LayerCall call) {
    List<Optional<String>> masks = call.inputs().stream().map(Value::mask).distinct().toList();
    if (masks.size() != 1) {
      throw refusal(call, "its inputs carry different masks, which is not supported");
    }
    return Objects.requireNonNull(masks.get(0));
  }

  /** Refuses masked values where Keras would use the mask. */
  static void none(LayerCall call) {
    if (call.inputs().stream().anyMatch(value -> value.mask().isPresent())) {
      throw refusal(call, "masked values are not supported here");
    }
  }

  static Refusal refusal(LayerCall call, String what) {
    return new Refusal(UNSUPPORTED_MASK, call.config().where() + ": " + what);
  }
}
