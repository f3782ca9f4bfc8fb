package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Images or signals without their borders.
 *
 * @param axes spatial ones
 */
record Cropping(int axes) implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Images input = Images.of(call, axes);
    Borders borders = Borders.of(call, "cropping", axes);
    long[] starts = new long[axes];
    long[] ends = new long[axes];
    long[] which = new long[axes];
    List<Long> sizes = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      starts[axis] = borders.before().get(axis);
      long after = borders.after().get(axis);
      ends[axis] = after == 0 ? Long.MAX_VALUE : -after;
      which[axis] = 2L + axis;
      long size = input.spatial().get(axis);
      long left = size == ValueInfo.UNKNOWN ? size : size - starts[axis] - after;
      if (left < 1 && size != ValueInfo.UNKNOWN) {
        throw call.config().malformed("nothing is left of an axis of " + size);
      }
      sizes.add(left);
    }
    Nodes on = new Nodes(call);
    String cropped =
        on.node(
            "Slice",
            input.name(),
            on.integers("starts", starts),
            on.integers("ends", ends),
            on.integers("axes", which));
    return List.of(input.with(cropped, input.channels(), sizes).value());
  }
}
