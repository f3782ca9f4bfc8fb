package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Gather.html">Gather</a> at constant indices of
 * any rank, which take the place of the axis; negative ones count from its end.
 */
final class Gather implements Movement {
  private final Site site;
  private final Tensor indices;

  Gather(Site site) {
    this.site = site;
    this.indices = site.constant(1).orElseThrow(() -> site.untrainable("has no indices"));
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(1);
  }

  private int axis(int rank) {
    return site.axis(site.node().integer("axis", 0), rank);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] x = operands.get(0);
    int axis = axis(x.length);
    indices(x[axis]);
    return LongStream.concat(
            LongStream.concat(LongStream.of(x).limit(axis), LongStream.of(indices.shape())),
            LongStream.of(x).skip(axis + 1))
        .toArray();
  }

  @Override
  public int[] sources(List<long[]> operands) {
    long[] x = operands.get(0);
    int axis = axis(x.length);
    List<int[]> chosen = new ArrayList<>();
    LongStream.of(x).forEach(dimension -> chosen.add(Layout.all(dimension)));
    chosen.set(axis, indices(x[axis]));
    return Layout.chosen(x, chosen);
  }

  private int[] indices(long dimension) {
    return LongStream.of(Numbers.longs(indices)).mapToInt(i -> index(i, dimension)).toArray();
  }

  private int index(long index, long dimension) {
    if (index < -dimension || index >= dimension) {
      throw site.untrainable("index " + index + " of an axis of " + dimension);
    }
    return (int) (index < 0 ? index + dimension : index);
  }
}
