package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Attribute;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Group normalisation (Wu and He 2018): every group of channels of a sample gets mean 0 and
 * variance 1, then γ and β per channel. {@code groups = −1} makes every channel a group.
 */
final class GroupNormalization implements Lowering {
  private static final double EPSILON = 1e-3;

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
    int given = call.config().integer("groups", -1, 32);
    long groups = given == -1 ? channels : given;
    if (groups < 1 || channels % groups != 0) {
      throw call.config()
          .malformed("%d channels do not split into %d groups".formatted(channels, groups));
    }
    Value held =
        last && axis > 1 ? call.graph().channelsMovedFirst(input) : call.graph().asKeras(input);
    Nodes on = new Nodes(call);
    String normalised =
        call.append(
            "InstanceNormalization",
            Map.of("epsilon", new Attribute.Real((float) call.config().number("epsilon", EPSILON))),
            on.reshape(held.name(), 0, groups, -1),
            on.filled("one", 1, groups),
            on.filled("zero", 0, groups));
    String restored = on.node("Reshape", normalised, on.node("Shape", held.name()));
    long[] perChannel = new long[input.rank()];
    Arrays.fill(perChannel, 1);
    perChannel[1] = channels;
    String scale = BatchNormalization.scaleOr(call, "scale", "gamma", 1, channels);
    String shift = BatchNormalization.scaleOr(call, "center", "beta", 0, channels);
    String scaled = on.node("Mul", restored, on.reshape(scale, perChannel));
    return List.of(held.renamed(on.node("Add", scaled, on.reshape(shift, perChannel))));
  }
}
