package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * An operator that normalises along an axis. From opset 13 on that is one axis, the last by
 * default; before, the operand is read as a matrix of the dimensions before and from the axis (1 by
 * default) on.
 */
public abstract class AxisOperator implements Operator.Computed {
  private final Site site;

  AxisOperator(Site site) {
    this.site = site;
    site.operands(1, 1);
  }

  /** Replaces a vector by its normalised values. */
  abstract void apply(float[] values);

  /** Turns the gradient by the result {@code y} into that by the operand. */
  abstract void chain(float[] y, float[] gradient);

  @Override
  public final List<Integer> operands() {
    return Operator.leading(1);
  }

  @Override
  public final long[] shape(List<long[]> operands) {
    axis(operands.get(0).length);
    return operands.get(0);
  }

  /** The first normalised axis of an operand of {@code rank} dimensions. */
  private int axis(int rank) {
    return site.axis(site.node().integer("axis", site.opset() < 13 ? 1 : -1), rank);
  }

  /** Whether all numbers of a sample, in an operand of that shape, are normalised together. */
  public final boolean normalisesSamples(long... shape) {
    int axis = axis(shape.length);
    int end = site.opset() < 13 ? shape.length : axis + 1;
    return axis > 0
        && Tensor.elements(Arrays.copyOfRange(shape, axis, end))
            == Tensor.elements(Arrays.copyOfRange(shape, 1, shape.length));
  }

  @Override
  public final Step bind(List<Value> operands, Value result) {
    long[] shape = result.data().shape();
    int axis = axis(shape.length);
    int end = site.opset() < 13 ? shape.length : axis + 1;
    int length = (int) Tensor.elements(Arrays.copyOfRange(shape, axis, end));
    int inner = (int) Tensor.elements(Arrays.copyOfRange(shape, end, shape.length));
    return new AxisStep(operands.get(0), result, new float[length], new float[length], inner);
  }

  private final class AxisStep implements Step {
    private final Value x;
    private final Value result;
    private final float[] vector;
    private final float[] gradient;
    private final int inner;

    AxisStep(Value x, Value result, float[] vector, float[] gradient, int inner) {
      this.x = x;
      this.result = result;
      this.vector = vector;
      this.gradient = gradient;
      this.inner = inner;
    }

    /** Element of the operand where vector {@code v} starts; its elements are inner apart. */
    private int start(int v) {
      return v / inner * vector.length * inner + v % inner;
    }

    private void load(FloatBuffer from, int start, float[] into) {
      for (int i = 0; i < into.length; i++) {
        into[i] = from.get(start + i * inner);
      }
    }

    private void store(float[] from, FloatBuffer to, int start) {
      for (int i = 0; i < from.length; i++) {
        to.put(start + i * inner, from[i]);
      }
    }

    @Override
    public void forward(RandomGenerator noise) {
      FloatBuffer in = x.data().floats();
      FloatBuffer out = result.data().floats();
      for (int v = 0; v < out.capacity() / vector.length; v++) {
        load(in, start(v), vector);
        apply(vector);
        store(vector, out, start(v));
      }
    }

    @Override
    public void backward() {
      FloatBuffer y = result.data().floats();
      FloatBuffer from = result.requiredGradient().floats();
      FloatBuffer to = x.requiredGradient().floats();
      for (int v = 0; v < y.capacity() / vector.length; v++) {
        load(y, start(v), vector);
        load(from, start(v), gradient);
        chain(vector, gradient);
        store(gradient, to, start(v));
      }
    }
  }
}
