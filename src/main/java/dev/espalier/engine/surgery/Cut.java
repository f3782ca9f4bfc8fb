package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.Tensor;
import java.nio.ByteBuffer;

/** Tensors without some positions of an axis. */
final class Cut {
  private Cut() {}

  /**
   * The tensor without what is removed.
   *
   * @param removed by position along the axis
   */
  static Tensor along(Tensor tensor, int axis, boolean... removed) {
    long[] shape = tensor.shape();
    int inner = tensor.type().bytes();
    for (int a = axis + 1; a < shape.length; a++) {
      inner *= Math.toIntExact(shape[a]);
    }
    int outer = 1;
    for (int a = 0; a < axis; a++) {
      outer *= Math.toIntExact(shape[a]);
    }
    int kept = 0;
    for (boolean gone : removed) {
      kept += gone ? 0 : 1;
    }
    shape[axis] = kept;
    Tensor cut = Tensor.zeros(tensor.type(), shape);
    ByteBuffer from = tensor.bytes();
    ByteBuffer to = cut.bytes();
    for (int o = 0; o < outer; o++) {
      for (int p = 0; p < removed.length; p++) {
        if (!removed[p]) {
          to.put(from.slice((o * removed.length + p) * inner, inner));
        }
      }
    }
    return cut;
  }
}
