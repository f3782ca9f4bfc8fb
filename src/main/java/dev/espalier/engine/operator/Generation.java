package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Operators that make constant tensors from small ones; they are evaluated before training. */
final class Generation {
  /** ONNX names. */
  static final Set<String> NAMES = Set.of("ConstantOfShape", "NonZero", "Range", "Tile", "Trilu");

  private static final int LARGEST = 1 << 24;

  private Generation() {}

  /** The result of such a node on constant operands. */
  static Tensor evaluate(Site site, List<Tensor> operands) {
    Tensor x = operands.get(0);
    return switch (site.node().operator()) {
      case "ConstantOfShape" -> filled(site, Numbers.longs(x));
      case "NonZero" -> nonZero(Numbers.doubles(x), x.shape());
      case "Range" -> range(site, operands);
      case "Tile" -> tiled(site, x, Numbers.longs(operands.get(1)));
      default -> triangle(site, x, operands.size() > 1 ? Numbers.longs(operands.get(1))[0] : 0);
    };
  }

  private static Tensor filled(Site site, long... shape) {
    Tensor value =
        site.node().attributes().get("value") instanceof Attribute.Value v
            ? v.tensor()
            : Tensor.of(new float[] {0f}, 1);
    double[] values = new double[elements(site, (double) Tensor.elements(shape))];
    Arrays.fill(values, Numbers.doubles(value)[0]);
    return Numbers.tensor(value.type(), values, shape);
  }

  private static int elements(Site site, double count) {
    if (!(count <= LARGEST)) {
      throw site.untrainable("makes a constant of " + count + " elements");
    }
    return (int) Math.max(0, count);
  }

  private static Tensor range(Site site, List<Tensor> operands) {
    double start = Numbers.doubles(operands.get(0))[0];
    double limit = Numbers.doubles(operands.get(1))[0];
    double delta = Numbers.doubles(operands.get(2))[0];
    double[] values = new double[elements(site, Math.ceil((limit - start) / delta))];
    Arrays.setAll(values, i -> start + i * delta);
    return Numbers.tensor(operands.get(0).type(), values, values.length);
  }

  /** Indices of the elements that are not zero: one row per axis, one column per element. */
  private static Tensor nonZero(double[] values, long... shape) {
    int[] found = IntStream.range(0, values.length).filter(i -> values[i] != 0).toArray();
    long[] strides = Layout.strides(shape);
    long[] indices = new long[shape.length * found.length];
    for (int axis = 0; axis < shape.length; axis++) {
      for (int i = 0; i < found.length; i++) {
        indices[axis * found.length + i] = found[i] / strides[axis] % shape[axis];
      }
    }
    return Tensor.of(indices, shape.length, found.length);
  }

  private static Tensor tiled(Site site, Tensor x, long... repeats) {
    if (repeats.length != x.rank()) {
      throw site.mismatch(List.of(x.shape(), repeats));
    }
    long[] shape = x.shape();
    List<int[]> chosen =
        IntStream.range(0, shape.length)
            .mapToObj(
                axis ->
                    IntStream.range(0, elements(site, (double) shape[axis] * repeats[axis]))
                        .map(i -> i % (int) shape[axis])
                        .toArray())
            .toList();
    double count =
        chosen.stream().mapToDouble(indices -> indices.length).reduce(1, (a, b) -> a * b);
    elements(site, count);
    double[] from = Numbers.doubles(x);
    double[] values =
        IntStream.of(Layout.chosen(shape, chosen)).mapToDouble(i -> from[i]).toArray();
    return Numbers.tensor(
        x.type(), values, chosen.stream().mapToLong(indices -> indices.length).toArray());
  }

  /** The upper or lower triangle of the last two axes, diagonal {@code k} included. */
  private static Tensor triangle(Site site, Tensor x, long k) {
    boolean upper = site.node().integer("upper", 1) != 0;
    int columns = (int) x.dimension(-1);
    int rows = (int) x.dimension(-2);
    double[] values = Numbers.doubles(x);
    for (int i = 0; i < values.length; i++) {
      int distance = i % columns - i / columns % rows;
      if (upper ? distance < k : distance > k) {
        values[i] = 0;
      }
    }
    return Numbers.tensor(x.type(), values, x.shape());
  }
}
