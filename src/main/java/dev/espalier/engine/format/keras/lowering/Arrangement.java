package dev.espalier.engine.format.keras.lowering;

import dev.espalier.engine.graph.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a weight of Keras becomes the graph's tensor, and back: first the axes are permuted, then
 * equal blocks along the first axis are put in another order, then the first two axes may be
 * merged. All steps keep every element, so that both directions are exact.
 *
 * @param permutation axis i of the permuted weight is axis {@code permutation[i]} of Keras'; empty
 *     for the order as it is
 * @param blocks block i along the first axis is block {@code blocks[i]} of the permuted weight;
 *     empty for none
 * @param mergesLeading whether [c, m, …] becomes [c·m, 1, …], as ONNX has depthwise kernels
 */
public record Arrangement(List<Integer> permutation, List<Integer> blocks, boolean mergesLeading) {

  /** Copies its lists. */
  public Arrangement {
    permutation = List.copyOf(permutation);
    blocks = List.copyOf(blocks);
  }

  /** The weight as it is. */
  public static Arrangement asKeras() {
    return new Arrangement(List.of(), List.of(), false);
  }

  /** The weight with its axes in another order, as in NumPy's {@code transpose}. */
  public static Arrangement permuted(int... axes) {
    return new Arrangement(IntStream.of(axes).boxed().toList(), List.of(), false);
  }

  /** This, and then the blocks (the gates of a recurrent cell) in another order. */
  public Arrangement blocked(int... order) {
    return new Arrangement(permutation, IntStream.of(order).boxed().toList(), mergesLeading);
  }

  /** This, and then [c, m, …] as [c·m, 1, …]. */
  public Arrangement mergingLeading() {
    return new Arrangement(permutation, blocks, true);
  }

  /** The graph's tensor for a weight of Keras. */
  public Tensor toGraph(Tensor keras) {
    Tensor permuted = permutation.isEmpty() ? keras : permute(keras, axes());
    Tensor ordered = blocks.isEmpty() ? permuted : reorder(permuted, false);
    return mergesLeading ? merge(ordered) : ordered;
  }

  /**
   * The weight of Keras for the graph's tensor.
   *
   * @param multiplier size that the second merged axis had, of no meaning without merging
   */
  public Tensor toKeras(Tensor graph, long multiplier) {
    Tensor split = mergesLeading ? split(graph, multiplier) : graph;
    Tensor ordered = blocks.isEmpty() ? split : reorder(split, true);
    return permutation.isEmpty() ? ordered : permute(ordered, inverse(axes()));
  }

  private int[] axes() {
    return permutation.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int[] inverse(int... axes) {
    int[] inverse = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      inverse[axes[i]] = i;
    }
    return inverse;
  }

  private static Tensor merge(Tensor tensor) {
    long[] shape = tensor.shape();
    shape[0] = shape[0] * shape[1];
    shape[1] = 1;
    return tensor.reshaped(shape);
  }

  private static Tensor split(Tensor tensor, long multiplier) {
    long[] shape = tensor.shape();
    shape[0] = shape[0] / multiplier;
    shape[1] = multiplier;
    return tensor.reshaped(shape);
  }

  private Tensor reorder(Tensor tensor, boolean back) {
    Tensor result = Tensor.zeros(tensor.type(), tensor.shape());
    int bytes = tensor.bytes().capacity() / blocks.size();
    ByteBuffer from = tensor.bytes();
    ByteBuffer to = result.bytes();
    for (int i = 0; i < blocks.size(); i++) {
      int source = back ? i : blocks.get(i);
      int target = back ? blocks.get(i) : i;
      to.put(target * bytes, from, source * bytes, bytes);
    }
    return result;
  }

  private static Tensor permute(Tensor tensor, int... axes) {
    int rank = axes.length;
    long[] shape = tensor.shape();
    long[] strides = new long[rank];
    long stride = tensor.type().bytes();
    for (int axis = rank - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape[axis];
    }
    long[] outShape = new long[rank];
    for (int i = 0; i < rank; i++) {
      outShape[i] = shape[axes[i]];
    }
    Tensor result = Tensor.zeros(tensor.type(), outShape);
    ByteBuffer from = tensor.bytes();
    ByteBuffer to = result.bytes();
    int width = tensor.type().bytes();
    long[] index = new long[rank];
    long at = 0;
    for (int i = 0; i < result.size(); i++) {
      to.put(i * width, from, (int) at, width);
      for (int axis = rank - 1; axis >= 0; axis--) {
        at += strides[axes[axis]];
        if (++index[axis] < outShape[axis]) {
          break;
        }
        at -= strides[axes[axis]] * outShape[axis];
        index[axis] = 0;
      }
    }
    return result;
  }
}
