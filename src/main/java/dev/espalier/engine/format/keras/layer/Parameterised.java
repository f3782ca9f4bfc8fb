package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Attribute;
import java.util.List;
import java.util.Map;

/**
 * An activation with one number.
 *
 * @param operator of ONNX, whose attribute {@code alpha} the number is
 * @param settings names of the setting, of which the first that is there counts
 * @param absent the number when none is there
 */
record Parameterised(String operator, List<String> settings, double absent) implements Lowering {

  /** Copies its names. */
  Parameterised {
    settings = List.copyOf(settings);
  }

  @Override
  public List<Value> lower(LayerCall call) {
    double number =
        settings.stream()
            .filter(setting -> !call.config().isAbsent(setting))
            .findFirst()
            .flatMap(setting -> call.config().number(setting))
            .orElse(absent);
    Value value = call.input();
    Attribute alpha = new Attribute.Real((float) number);
    return List.of(value.renamed(call.append(operator, Map.of("alpha", alpha), value.name())));
  }
}
