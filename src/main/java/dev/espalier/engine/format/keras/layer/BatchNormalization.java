package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.Arrangement;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.List;
import java.util.Map;

/**
 * Batch normalisation with the moving statistics; γ and β are constants where the layer has none.
 * Keras' momentum is the share that stays, as in ONNX.
 */
final class BatchNormalization implements Lowering {
  private static final double EPSILON = 1e-3;
  private static final double MOMENTUM = 0.99;

  @Override
  public List<Value> lower(LayerCall call) {
    Value input = call.input();
    List<Integer> axes = Settings.axes(call, "axis", input.rank(), -1);
    int axis = axes.get(0);
    boolean last = axis == input.rank() - 1;
    if (axes.size() != 1 || !(last || axis == 1) || axis == 0) {
      throw call.unsupported("normalising axes " + axes + " is not supported, only the channels'");
    }
    long channels = Settings.known(call, input, axis);
    Value held =
        last && axis > 1 ? call.graph().channelsMovedFirst(input) : call.graph().asKeras(input);
    String scale = scaleOr(call, "scale", "gamma", 1, channels);
    String shift = scaleOr(call, "center", "beta", 0, channels);
    String result =
        call.append(
            "BatchNormalization",
            Map.of("epsilon", real(call, "epsilon", EPSILON), "momentum", momentum(call)),
            held.name(),
            scale,
            shift,
            statistic(call, "moving_mean", channels),
            statistic(call, "moving_variance", channels));
    return List.of(held.renamed(result));
  }

  private static Attribute momentum(LayerCall call) {
    return real(call, "momentum", MOMENTUM);
  }

  private static Attribute real(LayerCall call, String field, double absent) {
    double value = call.config().number(field, absent);
    if (value < 0 || value > 1) {
      throw call.config().malformed("'" + field + "' must lie in [0, 1], but is " + value);
    }
    return new Attribute.Real((float) value);
  }

  private static String statistic(LayerCall call, String name, long channels) {
    return call.weights().take(name, Role.NORMALIZATION, Arrangement.asKeras(), channels);
  }

  /** A weight that a setting switches on, or the constant that changes nothing. */
  static String scaleOr(
      LayerCall call, String setting, String weight, float neutral, long... shape) {
    return call.config().flag(setting, true)
        ? call.weights().take(weight, Role.NORMALIZATION, Arrangement.asKeras(), shape)
        : new Nodes(call).filled(weight, neutral, shape);
  }
}
