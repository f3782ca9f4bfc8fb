package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The gradient of a convolution's weights alone, for the first layer: {@code conv2d_bp} would
 * compute the gradient of the images as well, which costs more. At stride 1
 *
 * <pre>∂L/∂W[m, c, i, j] = Σ over n, y, x of X[n, c, y+i, x+j] · G[n, m, y, x]</pre>
 *
 * is itself a convolution, of X with samples and channels exchanged by G as kernels, likewise
 * exchanged.
 */
final class WeightGradient {
  private final Tensor images;
  private final Tensor gradient;
  private final Tensor weights;
  private final Tensor exchangedImages;
  private final Tensor exchangedGradient;
  private final Tensor exchangedWeights;
  private final CustomOp convolution;

  /**
   * A computation on these buffers.
   *
   * @param padding X [n, c, h, w]
   * @param gradient G [n, m, oh, ow]
   * @param weights where ∂L/∂W [m, c, kh, kw] is written
   */
  WeightGradient(Padding padding, Tensor gradient, Tensor weights) {
    this.images = padding.image();
    this.gradient = gradient;
    this.weights = weights;
    exchangedImages = exchanged(images);
    exchangedGradient = exchanged(gradient);
    exchangedWeights = exchanged(weights);
    convolution =
        Native.convolution(
            "conv2d",
            List.of(exchangedImages, exchangedGradient),
            List.of(exchangedWeights),
            exchanged(padding.rows()),
            exchanged(padding.columns()));
  }

  /** Whether this is how to differentiate: nobody wants the images' gradient, and strides are 1. */
  static boolean suits(Padding padding) {
    return !padding.differentiated()
        && Stream.of(padding.rows(), padding.columns()).allMatch(window -> window.stride() == 1);
  }

  private static Window exchanged(Window w) {
    return new Window(
        /* kernel= */ w.output(), 1, 1, w.before(), w.after(), w.input(), /* output= */ w.kernel());
  }

  /** The same memory where one of the two axes has size 1, new memory otherwise. */
  private static Tensor exchanged(Tensor tensor) {
    long[] shape = tensor.shape();
    long first = shape[0];
    shape[0] = shape[1];
    shape[1] = first;
    return shape[0] == 1 || shape[1] == 1
        ? tensor.reshaped(shape)
        : Tensor.zeros(DataType.FLOAT, shape);
  }

  /** Writes the gradient. */
  void run() {
    exchange(images, exchangedImages);
    exchange(gradient, exchangedGradient);
    Nd4j.exec(convolution);
    exchange(exchangedWeights, weights);
  }

  private static void exchange(Tensor from, Tensor to) {
    int rows = (int) from.dimension(0);
    int columns = (int) from.dimension(1);
    if (rows == 1 || columns == 1) {
      return; // the same memory
    }
    FloatBuffer source = from.floats();
    FloatBuffer target = to.floats();
    float[] plane = new float[from.size() / rows / columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        source.get((r * columns + c) * plane.length, plane);
        target.put((c * rows + r) * plane.length, plane);
      }
    }
  }
}
