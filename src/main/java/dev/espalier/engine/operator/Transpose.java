package dev.espalier.engine.operator;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Transpose.html">Transpose</a>: axis i of the
 * result is axis permᵢ of the operand; all axes are reversed when perm is absent.
 */
record Transpose(Site site) implements Movement {
  @Override
  public List<Integer> operands() {
    return Operator.leading(1);
  }

  private int[] permutation(int rank) {
    long[] reversed = IntStream.range(0, rank).mapToLong(axis -> rank - 1L - axis).toArray();
    long[] permutation = site.node().integers("perm", reversed);
    if (permutation.length != rank) {
      throw site.untrainable("permutes " + permutation.length + " of " + rank + " axes");
    }
    site.axes(rank, permutation);
    return Arrays.stream(permutation).mapToInt(axis -> site.axis(axis, rank)).toArray();
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] x = operands.get(0);
    return Arrays.stream(permutation(x.length)).mapToLong(axis -> x[axis]).toArray();
  }

  @Override
  public int[] sources(List<long[]> operands) {
    long[] strides = Layout.strides(operands.get(0));
    int[] permutation = permutation(strides.length);
    return Layout.positions(
        shape(operands), Arrays.stream(permutation).mapToLong(axis -> strides[axis]).toArray());
  }
}
