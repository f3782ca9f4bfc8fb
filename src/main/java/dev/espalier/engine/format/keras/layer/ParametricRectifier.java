package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.Arrangement;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.List;

/**
 * {@code PReLU}: a trained slope α below 0 for every element of a sample, {@code shared_axes} (from
 * 1) excepted.
 */
final class ParametricRectifier implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Value input = call.graph().asKeras(call.input());
    List<Integer> shared =
        call.config().isAbsent("shared_axes")
            ? List.of()
            : Settings.axes(call, "shared_axes", input.rank(), 0);
    long[] sizes = new long[input.rank() - 1];
    for (int axis = 1; axis <= sizes.length; axis++) {
      sizes[axis - 1] = shared.contains(axis) ? 1 : Settings.known(call, input, axis);
    }
    String alpha = call.weights().take("alpha", Role.OTHER, Arrangement.asKeras(), sizes);
    return List.of(input.renamed(new Nodes(call).node("PRelu", input.name(), alpha)));
  }
}
