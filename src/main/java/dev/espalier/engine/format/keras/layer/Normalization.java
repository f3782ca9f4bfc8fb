package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.Arrangement;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.Tensor;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Feature normalisation, (x − mean) / max(√variance, 10⁻⁷), or its inverse. The statistics come
 * from the settings, or else from weights that {@code adapt()} filled.
 */
final class Normalization implements Lowering {
  private static final double EPSILON = 1e-7;

  @Override
  public List<Value> lower(LayerCall call) {
    Value input = call.graph().asKeras(call.input());
    boolean scalar = call.config().raw("axis").isNull();
    List<Integer> kept =
        scalar
            ? List.of()
            : Settings.axes(call, "axis", input.rank(), -1).stream().sorted().toList();
    if (kept.contains(0)) {
      throw call.unsupported("statistics per sample of the batch are not supported");
    }
    long[] sizes = kept.stream().mapToLong(axis -> Settings.known(call, input, axis)).toArray();
    long[] spread = new long[input.rank()];
    for (int axis = 0; axis < spread.length; axis++) {
      spread[axis] = kept.contains(axis) ? input.dimension(axis) : 1;
    }
    Nodes on = new Nodes(call);
    boolean fixed = !call.config().isAbsent("mean");
    String mean = statistic(call, "mean", fixed, sizes, spread);
    String variance = statistic(call, "variance", fixed, sizes, spread);
    if (!fixed) {
      call.weights().skip("count");
    }
    String deviation = on.node("Max", on.node("Sqrt", variance), on.scalar(EPSILON));
    String result =
        call.config().flag("invert", false)
            ? on.node("Add", on.node("Mul", input.name(), deviation), mean)
            : on.node("Div", on.node("Sub", input.name(), mean), deviation);
    return List.of(input.renamed(result));
  }

  private static String statistic(
      LayerCall call, String name, boolean fixed, long[] sizes, long[] spread) {
    Nodes on = new Nodes(call);
    if (!fixed) {
      String weight = call.weights().take(name, Role.STATISTIC, Arrangement.asKeras(), sizes);
      return on.reshape(weight, spread);
    }
    float[] values = Numbers.of(call, name);
    if (values.length == 1) {
      return on.scalar(values[0]);
    }
    if (values.length != LongStream.of(sizes).reduce(1, Math::multiplyExact)) {
      throw call.config()
          .malformed("'%s' has %d numbers, which do not fit".formatted(name, values.length));
    }
    return call.constant(name, Tensor.of(values, spread));
  }
}
