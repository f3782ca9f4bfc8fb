package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/** The elements of a sample under another shape, where one size may be −1 and follows. */
final class Reshape implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Value input = call.graph().asKeras(call.input()).unmasked();
    List<Integer> target = call.config().integers("target_shape", -1);
    int open = target.indexOf(-1);
    if (target.contains(0) || target.lastIndexOf(-1) != open) {
      throw call.config().malformed("target_shape " + target + " is no shape");
    }
    long known = 1;
    for (int size : target) {
      known = Math.multiplyExact(known, Math.abs((long) size));
    }
    long size = Settings.product(input.shape().subList(1, input.rank()));
    boolean fits = open >= 0 ? size % known == 0 : size == known;
    if (size != ValueInfo.UNKNOWN && !fits) {
      throw call.config().malformed("%s does not reshape to %s".formatted(input.shape(), target));
    }
    List<Long> shape = new ArrayList<>(List.of(input.shape().get(0)));
    target.forEach(t -> shape.add((long) t));
    long[] operand = shape.stream().mapToLong(Long::longValue).toArray();
    operand[0] = 0; // the batch as it is
    if (open >= 0) {
      shape.set(open + 1, size == ValueInfo.UNKNOWN ? size : size / known);
    }
    String result = new Nodes(call).reshape(input.name(), operand);
    return List.of(input.renamed(result).shaped(shape));
  }
}
