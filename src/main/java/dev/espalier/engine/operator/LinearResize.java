package dev.espalier.engine.operator;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** A resize that interpolates linearly between the two neighbours along each resized axis. */
final class LinearResize implements Operator.Computed {
  private final Resampling resampling;

  LinearResize(Site site) {
    this.resampling = new Resampling(site);
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(1);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    return Arrays.stream(resampling.axes(operands.get(0)))
        .mapToLong(Resampling.Axis::output)
        .toArray();
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    Value x = operands.get(0);
    Resampling.Axis[] axes = resampling.axes(x.data().shape());
    int first = 0;
    while (first < axes.length && axes[first].input() == axes[first].output()) {
      first++;
    }
    Stencil stencil = new Stencil();
    for (int axis = first; axis < axes.length; axis++) {
      stencil = stencil.along(resampling, axes[axis]);
    }
    return new Interpolation(x, result, stencil);
  }

  /** The sources of each element of a block of the result, with their weights. */
  private static final class Stencil {
    /** Elements of the operand's block. */
    private final int size;

    /** Sources per element. */
    private final int count;

    /** Positions in the operand's block, those of an element together. */
    private final int[] sources;

    private final float[] weights;

    Stencil() {
      this(1, 1, new int[] {0}, new float[] {1});
    }

    private Stencil(int size, int count, int[] sources, float[] weights) {
      this.size = size;
      this.count = count;
      this.sources = sources;
      this.weights = weights;
    }

    /** This block repeated along one more, inner axis. */
    Stencil along(Resampling resampling, Resampling.Axis axis) {
      boolean resized = axis.input() != axis.output();
      int neighbours = resized ? 2 : 1;
      int[] longer = new int[sources.length * axis.output() * neighbours];
      float[] weighed = new float[longer.length];
      int next = 0;
      for (int element = 0; element < sources.length / count; element++) {
        for (int o = 0; o < axis.output(); o++) {
          double at = Math.max(0, Math.min(axis.input() - 1, resampling.coordinate(axis, o)));
          int low = resized ? (int) at : o;
          for (int k = 0; k < count; k++) {
            for (int neighbour = 0; neighbour < neighbours; neighbour++) {
              int source = Math.min(low + neighbour, axis.input() - 1);
              double weight = !resized ? 1 : neighbour == 0 ? 1 - (at - low) : at - low;
              longer[next] = sources[element * count + k] * axis.input() + source;
              weighed[next++] = (float) (weights[element * count + k] * weight);
            }
          }
        }
      }
      return new Stencil(size * axis.input(), count * neighbours, longer, weighed);
    }
  }

  private record Interpolation(Value x, Value result, Stencil stencil) implements Step {
    @Override
    public void forward(RandomGenerator noise) {
      FloatBuffer in = x.data().floats();
      FloatBuffer out = result.data().floats();
      for (int i = 0; i < out.capacity(); i++) {
        int elements = stencil.sources.length / stencil.count;
        int block = i / elements * stencil.size;
        int first = i % elements * stencil.count;
        float sum = 0;
        for (int k = first; k < first + stencil.count; k++) {
          sum += stencil.weights[k] * in.get(block + stencil.sources[k]);
        }
        out.put(i, sum);
      }
    }

    @Override
    public void backward() {
      FloatBuffer from = result.requiredGradient().floats();
      FloatBuffer to = x.requiredGradient().floats();
      Buffers.clear(to);
      for (int i = 0; i < from.capacity(); i++) {
        int elements = stencil.sources.length / stencil.count;
        int block = i / elements * stencil.size;
        int first = i % elements * stencil.count;
        for (int k = first; k < first + stencil.count; k++) {
          int at = block + stencil.sources[k];
          to.put(at, to.get(at) + stencil.weights[k] * from.get(i));
        }
      }
    }
  }
}
