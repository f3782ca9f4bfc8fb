package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Attribute;
import java.util.List;
import java.util.Map;

/** Layer normalisation (Ba et al. 2016) over some axes, with γ and β of their sizes. */
final class LayerNormalization implements Lowering {
  private static final double EPSILON = 1e-3;

  @Override
  public List<Value> lower(LayerCall call) {
    if (call.config().flag("rms_scaling", false)) {
      throw call.unsupported("rms_scaling is not supported: releases of Keras define it apart");
    }
    Value input = call.graph().asKeras(call.input());
    List<Integer> axes = Settings.axes(call, "axis", input.rank(), -1);
    if (!axes.stream().sorted().toList().equals(axes) || axes.get(0) == 0) {
      throw call.unsupported("normalising axes " + axes + " is not supported");
    }
    long[] sizes = axes.stream().mapToLong(axis -> Settings.known(call, input, axis)).toArray();
    double epsilon = call.config().number("epsilon", EPSILON);
    String scale = BatchNormalization.scaleOr(call, "scale", "gamma", 1, sizes);
    String shift = BatchNormalization.scaleOr(call, "center", "beta", 0, sizes);
    boolean trailing = axes.get(0) == input.rank() - axes.size();
    String result =
        trailing
            ? call.append(
                "LayerNormalization",
                Map.of(
                    "axis", new Attribute.Int(axes.get(0) - input.rank()),
                    "epsilon", new Attribute.Real((float) epsilon)),
                input.name(),
                scale,
                shift)
            : stepByStep(new Nodes(call), input, axes, epsilon, scale, shift);
    return List.of(input.renamed(result));
  }

  private static String stepByStep(
      Nodes on, Value input, List<Integer> axes, double epsilon, String scale, String shift) {
    long[] over = axes.stream().mapToLong(Integer::longValue).toArray();
    long[] shape = new long[input.rank()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = axes.contains(axis) ? input.dimension(axis) : 1;
    }
    String centred = on.node("Sub", input.name(), on.over("ReduceMean", input.name(), true, over));
    String variance = on.over("ReduceMean", on.node("Mul", centred, centred), true, over);
    String deviation = on.node("Sqrt", on.node("Add", variance, on.scalar(epsilon)));
    String scaled = on.node("Mul", on.node("Div", centred, deviation), on.reshape(scale, shape));
    return on.node("Add", scaled, on.reshape(shift, shape));
  }
}
