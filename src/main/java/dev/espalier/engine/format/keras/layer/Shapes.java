package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/** Shapes of results. */
final class Shapes {
  private Shapes() {}

  /** The shape of two values combined element by element, aligned at the last axis. */
  static List<Long> broadcast(LayerCall call, List<Long> a, List<Long> b) {
    int rank = Math.max(a.size(), b.size());
    List<Long> shape = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      long one = size(a, rank, axis);
      long other = size(b, rank, axis);
      boolean open = one == ValueInfo.UNKNOWN || other == ValueInfo.UNKNOWN;
      if (!open && one != other && one != 1 && other != 1) {
        throw call.config().malformed("%s and %s do not merge".formatted(a, b));
      }
      if (one == 1 || other == 1) {
        shape.add(one == 1 ? other : one);
      } else {
        shape.add(one == ValueInfo.UNKNOWN ? other : one);
      }
    }
    return shape;
  }

  private static long size(List<Long> shape, int rank, int axis) {
    int own = axis - (rank - shape.size());
    return own < 0 ? 1 : shape.get(own);
  }
}
