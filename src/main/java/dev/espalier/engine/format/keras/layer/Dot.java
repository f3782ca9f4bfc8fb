package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.ArrayList;
import java.util.List;

/** Products of two vectors or sequences of a sample, summed over one axis of each. */
final class Dot implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    if (call.inputs().size() != 2) {
      throw call.config().malformed("it takes two inputs, but gets " + call.inputs().size());
    }
    List<Integer> axes = call.config().integers("axes", Integer.MIN_VALUE);
    if (axes.isEmpty() || axes.size() > 2) {
      throw call.config().malformed("'axes' must be one or two axes, but is " + axes);
    }
    Nodes on = new Nodes(call);
    Value first = operand(call, 0);
    Value second = operand(call, 1);
    int i = axis(call, first, axes.get(0));
    int j = axis(call, second, axes.get(axes.size() - 1));
    boolean normalize = call.config().flag("normalize", false);
    String a = normalize ? on.unitLength(first.name(), i) : first.name();
    String b = normalize ? on.unitLength(second.name(), j) : second.name();
    // [n, rows, summed] · [n, summed, columns]
    String left = first.rank() == 2 ? on.unsqueeze(a, 1) : i == 2 ? a : on.transpose(a, 0, 2, 1);
    String right = second.rank() == 2 ? on.unsqueeze(b, 2) : j == 1 ? b : on.transpose(b, 0, 2, 1);
    String product = on.node("MatMul", left, right);
    List<Long> shape = new ArrayList<>(List.of(first.shape().get(0)));
    shape.add(first.rank() == 2 ? 1 : first.dimension(3 - i));
    if (second.rank() == 3) {
      shape.add(second.dimension(3 - j));
      if (first.rank() == 2) {
        product = on.squeeze(product, 1);
        shape.remove(1);
      }
    } else {
      product = on.squeeze(product, 2);
    }
    return List.of(Value.of(product, shape));
  }

  private static Value operand(LayerCall call, int index) {
    Value value = call.graph().asKeras(call.inputs().get(index));
    if (value.rank() < 2 || value.rank() > 3) {
      throw call.unsupported("a value with " + value.rank() + " axes is not supported");
    }
    return value;
  }

  private static int axis(LayerCall call, Value value, int axis) {
    int counted = axis < 0 ? axis + value.rank() : axis;
    if (counted < 1 || counted >= value.rank()) {
      throw call.config().malformed("'axes' names axis %d of %s".formatted(axis, value.shape()));
    }
    return counted;
  }
}
