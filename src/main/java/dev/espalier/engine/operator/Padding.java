package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;

/**
 * The images [n, c, h, w] a convolution reads: the operand itself where the native kernel can pad
 * it, an enlarged copy where the two ends of an axis are padded differently.
 */
final class Padding {
  private final Value value;
  private final Window rows;
  private final Window columns;
  private final boolean copied;
  private final Tensor image;
  private final Tensor gradient;

  Padding(Value value, Window rows, Window columns) {
    this.value = value;
    this.rows = rows;
    this.columns = columns;
    this.copied = rows.before() != rows.after() || columns.before() != columns.after();
    long n = value.data().dimension(0);
    long c = value.data().dimension(1);
    int h = rows.input() + (copied ? rows.before() + rows.after() : 0);
    int w = columns.input() + (copied ? columns.before() + columns.after() : 0);
    Tensor own = value.gradient();
    image = copied ? Tensor.zeros(DataType.FLOAT, n, c, h, w) : value.data().reshaped(n, c, h, w);
    gradient =
        copied || own == null ? Tensor.zeros(DataType.FLOAT, n, c, h, w) : own.reshaped(n, c, h, w);
  }

  /** What the kernel reads. */
  Tensor image() {
    return image;
  }

  /** Whether the operand has a gradient. */
  boolean differentiated() {
    return value.differentiated();
  }

  /** What the kernel writes the gradient to; scratch when nobody needs it. */
  Tensor gradient() {
    return gradient;
  }

  /** The windows over the image's rows, with the padding left to the kernel. */
  Window rows() {
    return copied ? unpadded(rows) : rows;
  }

  /** The windows over the image's columns, with the padding left to the kernel. */
  Window columns() {
    return copied ? unpadded(columns) : columns;
  }

  private static Window unpadded(Window w) {
    int input = w.input() + w.before() + w.after();
    return new Window(w.kernel(), w.stride(), w.dilation(), 0, 0, input, w.output());
  }

  /** Brings the operand into the image. */
  void load() {
    if (copied) {
      copy(value.data().floats(), image.floats(), true);
    }
  }

  /** Brings the image's gradient into the operand's, if it has one. */
  void store() {
    if (copied && value.differentiated()) {
      copy(value.requiredGradient().floats(), gradient.floats(), false);
    }
  }

  private void copy(FloatBuffer small, FloatBuffer large, boolean enlarge) {
    float[] row = new float[columns.input()];
    int width = (int) image.dimension(3);
    int height = (int) image.dimension(2);
    for (int r = 0; r < small.capacity() / row.length; r++) {
      int plane = r / rows.input();
      int at = (plane * height + rows.before() + r % rows.input()) * width + columns.before();
      if (enlarge) {
        small.get(r * row.length, row);
        large.put(at, row);
      } else {
        large.get(at, row);
        small.put(r * row.length, row);
      }
    }
  }
}
