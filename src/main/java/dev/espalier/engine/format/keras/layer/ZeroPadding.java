package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Zeros around images or signals.
 *
 * @param axes spatial ones
 */
record ZeroPadding(int axes) implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Images input = Images.of(call, axes);
    Borders borders = Borders.of(call, "padding", axes);
    long[] pads = new long[2 * (axes + 2)];
    List<Long> sizes = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      pads[2 + axis] = borders.before().get(axis);
      pads[axes + 4 + axis] = borders.after().get(axis);
      long size = input.spatial().get(axis);
      sizes.add(
          size == ValueInfo.UNKNOWN
              ? size
              : size + borders.before().get(axis) + borders.after().get(axis));
    }
    Nodes on = new Nodes(call);
    String padded = on.node("Pad", input.name(), on.integers("pads", pads));
    return List.of(input.with(padded, input.channels(), sizes).value());
  }
}
