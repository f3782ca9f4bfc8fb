package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;

/**
 * The kernels [m, c, kh, kw] a convolution reads: the operand itself or, for a dilated one, a copy
 * with zeros between the taps. ND4J's oneDNN convolutions fail on dilation (1.0.0-M2.1 pads as if
 * the kernel were dense).
 */
final class Kernels {
  private final Value value;
  private final Window rows;
  private final Window columns;
  private final boolean copied;
  private final Tensor data;
  private final Tensor gradient;

  Kernels(Value value, Window rows, Window columns) {
    this.value = value;
    this.rows = rows;
    this.columns = columns;
    this.copied = rows.dilation() > 1 || columns.dilation() > 1;
    long[] shape = {
      value.data().dimension(0), value.data().dimension(1), rows.extent(), columns.extent()
    };
    Tensor own = value.gradient();
    data = copied ? Tensor.zeros(DataType.FLOAT, shape) : value.data().reshaped(shape);
    gradient = copied || own == null ? Tensor.zeros(DataType.FLOAT, shape) : own.reshaped(shape);
  }

  /** What the kernel reads. */
  Tensor data() {
    return data;
  }

  /** What the kernel writes the gradient to; scratch when nobody needs it. */
  Tensor gradient() {
    return gradient;
  }

  /** Brings the operand's taps into place. */
  void load() {
    if (copied) {
      copy(value.data().floats(), data.floats(), true);
    }
  }

  /** Brings the taps' gradients into the operand's, if it has one. */
  void store() {
    if (copied && value.differentiated()) {
      copy(value.requiredGradient().floats(), gradient.floats(), false);
    }
  }

  private void copy(FloatBuffer dense, FloatBuffer dilated, boolean dilate) {
    for (int tap = 0; tap < dense.capacity(); tap++) {
      int row = tap / columns.kernel();
      int plane = row / rows.kernel();
      int dilatedRow = plane * rows.extent() + row % rows.kernel() * rows.dilation();
      int at = dilatedRow * columns.extent() + tap % columns.kernel() * columns.dilation();
      if (dilate) {
        dilated.put(at, dense.get(tap));
      } else {
        dense.put(tap, dilated.get(at));
      }
    }
  }
}
