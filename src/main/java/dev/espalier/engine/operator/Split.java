package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Split.html">Split</a> along an axis into parts
 * of given sizes (an attribute before opset 13, then an input) or, without them, into equal ones of
 * which the last may be smaller.
 */
final class Split implements Operator.Multiple {
  private final Site site;
  private final Optional<long[]> sizes;

  Split(Site site) {
    this.site = site;
    this.sizes = site.integers("split", 1);
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(1);
  }

  @Override
  public Optional<DataType> type(List<DataType> operands) {
    return Optional.of(operands.get(0));
  }

  private int axis(int rank) {
    return site.axis(site.node().integer("axis", 0), rank);
  }

  private long[] sizes(long dimension) {
    int parts = site.node().outputs().size();
    long[] found = sizes.orElseGet(() -> equal(dimension, parts));
    if (found.length != parts
        || LongStream.of(found).anyMatch(size -> size < 1)
        || LongStream.of(found).sum() != dimension) {
      throw site.untrainable(
          "parts %s do not make %d".formatted(Arrays.toString(found), dimension));
    }
    return found;
  }

  private static long[] equal(long dimension, int parts) {
    long size = (dimension + parts - 1) / parts;
    long[] sizes = new long[parts];
    Arrays.fill(sizes, size);
    sizes[parts - 1] = dimension - size * (parts - 1);
    return sizes;
  }

  @Override
  public List<long[]> shapes(List<long[]> operands) {
    long[] x = operands.get(0);
    int axis = axis(x.length);
    return LongStream.of(sizes(x[axis]))
        .mapToObj(
            size -> {
              long[] part = x.clone();
              part[axis] = size;
              return part;
            })
        .toList();
  }

  /** For each part, the positions of its elements in the operand. */
  List<int[]> sources(long... x) {
    int axis = axis(x.length);
    List<int[]> sources = new ArrayList<>();
    int from = 0;
    for (long size : sizes(x[axis])) {
      List<int[]> chosen = new ArrayList<>();
      LongStream.of(x).forEach(dimension -> chosen.add(Layout.all(dimension)));
      int first = from;
      int[] part = Layout.all(size);
      Arrays.setAll(part, i -> first + i);
      chosen.set(axis, part);
      sources.add(Layout.chosen(x, chosen));
      from += (int) size;
    }
    return sources;
  }

  @Override
  public Step bind(List<Value> operands, List<Value> results) {
    Value x = operands.get(0);
    List<int[]> sources = sources(x.data().shape());
    List<MovementStep> parts = new ArrayList<>();
    // The gradient is the parts' gradients put together: a movement the other way round.
    List<Value> gradients = new ArrayList<>();
    int[] joined = new int[x.data().size()];
    Arrays.fill(joined, Movement.FILL);
    int next = 0;
    for (int i = 0; i < results.size(); i++) {
      Value part = results.get(i);
      parts.add(new MovementStep(List.of(x), part, sources.get(i), 0f));
      if (part.differentiated()) {
        gradients.add(new Value(part.requiredGradient(), null));
        for (int source : sources.get(i)) {
          joined[source] = next++;
        }
      }
    }
    return new Step() {
      private final Optional<MovementStep> gradient =
          Optional.ofNullable(x.gradient())
              .map(to -> new MovementStep(gradients, new Value(to, null), joined, 0f));

      @Override
      public void forward(RandomGenerator noise) {
        parts.forEach(MovementStep::move);
      }

      @Override
      public void backward() {
        gradient.ifPresent(MovementStep::move);
      }
    };
  }
}
