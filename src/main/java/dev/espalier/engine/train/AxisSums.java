package dev.espalier.engine.train;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Σ g·w of one parameter over all elements at each position of each axis, batch by batch: a few
 * numbers where the gradients of all batches would not fit. A batch's sums are multiplied by the
 * root of its share, so that their squares add up to a mean.
 */
final class AxisSums implements BatchFold {
  private final FloatBuffer weights;
  private final long[] shape;
  private final List<List<double[]>> sums;

  /** Of the gradients by {@code parameter}. */
  AxisSums(Tensor parameter) {
    weights = parameter.floats();
    shape = parameter.shape();
    sums = new ArrayList<>();
    for (int axis = 0; axis < shape.length; axis++) {
      sums.add(new ArrayList<>());
    }
  }

  @Override
  public void add(double share, FloatBuffer gradient) {
    double root = Math.sqrt(share);
    int inner = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      int positions = (int) shape[axis];
      double[] sum = new double[positions];
      for (int i = 0; i < gradient.capacity(); i++) {
        sum[i / inner % positions] += (double) gradient.get(i) * weights.get(i) * root;
      }
      sums.get(axis).add(sum);
      inner *= positions;
    }
  }

  /** By axis, outermost first, what came out: float64 of shape [batches, positions]. */
  List<Tensor> result() {
    List<Tensor> results = new ArrayList<>();
    for (int axis = 0; axis < shape.length; axis++) {
      List<double[]> batches = sums.get(axis);
      Tensor result = Tensor.zeros(DataType.DOUBLE, batches.size(), shape[axis]);
      DoubleBuffer values = result.doubles();
      batches.forEach(values::put);
      results.add(result);
    }
    return Collections.unmodifiableList(results);
  }
}
