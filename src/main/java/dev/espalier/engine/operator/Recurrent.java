package dev.espalier.engine.operator;

import dev.espalier.engine.graph.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What ONNX's recurrent operators share. With t steps, n samples, d directions, i inputs, h hidden
 * units and g gates they read X [t, n, i], W [d, g·h, i], R [d, g·h, h], B [d, 2·g·h], the samples'
 * lengths [n] and initial states [d, n, h], and write Y [t, d, n, h] and last states [d, n, h]. All
 * but the lengths is differentiated, weights that other nodes compute included. The layout that
 * puts samples first is not trained: ONNX Runtime does not run it.
 */
abstract class Recurrent implements Operator.Multiple {
  private static final int X = 0;
  private static final int W = 1;
  private static final int R = 2;
  private static final int B = 3;
  private static final int LENGTHS = 4;
  private static final int INITIAL_HIDDEN = 5;
  private static final int INITIAL_CELL = 6;

  final Site site;
  private final List<Integer> operands;
  private final int gates;
  private final int states;
  private final CellFunctions functions;

  /**
   * Reads a node.
   *
   * @param gates g
   * @param states number of states a step passes on: 1, or 2 with a cell state
   * @param defaults names of the functions a node does not name, for one direction
   */
  Recurrent(Site site, int gates, int states, String... defaults) {
    this.site = site;
    this.gates = gates;
    this.states = states;
    this.operands =
        IntStream.range(0, site.node().inputs().size())
            .filter(position -> site.node().input(position).isPresent())
            .boxed()
            .toList();
    this.functions = new CellFunctions(site, directions(), defaults);
    if (!operands.containsAll(List.of(X, W, R))) {
      throw site.untrainable("has inputs " + site.node().inputs());
    }
    if (operands.get(operands.size() - 1) > LENGTHS + states) {
      throw site.untrainable("has peepholes, which are not trained");
    }
    if (site.node().integer("layout", 0) != 0) {
      throw site.untrainable("puts samples before steps, which is not trained");
    }
  }

  /**
   * Binds one direction.
   *
   * @param functions its functions
   */
  abstract Recurrence bind(
      RecurrentOperands operands, RecurrentResults results, List<CellFunction> functions);

  private String direction() {
    return site.node().text("direction", "forward");
  }

  private int directions() {
    return switch (direction()) {
      case "forward", "reverse" -> 1;
      case "bidirectional" -> 2;
      default -> throw site.untrainable("has direction " + direction());
    };
  }

  @Override
  public final List<Integer> operands() {
    return operands;
  }

  @Override
  public final Optional<DataType> type(List<DataType> types) {
    boolean fit =
        IntStream.range(0, types.size())
            .allMatch(
                i -> {
                  boolean lengths = operands.get(i) == LENGTHS;
                  return types.get(i) == (lengths ? DataType.INT32 : DataType.FLOAT);
                });
    return fit ? Optional.of(DataType.FLOAT) : Optional.empty();
  }

  @Override
  public final List<long[]> shapes(List<long[]> shapes) {
    long[] x = shapes.get(X);
    long[] r = shapes.get(R);
    if (x.length != 3 || r.length != 3 || x[0] < 1) {
      throw site.mismatch(shapes);
    }
    int d = directions();
    long h = r[2];
    long[] state = {d, x[1], h};
    for (int i = 0; i < operands.size(); i++) {
      long[] expected =
          switch (operands.get(i)) {
            case W -> new long[] {d, gates * h, x[2]};
            case R -> new long[] {d, gates * h, h};
            case B -> new long[] {d, 2L * gates * h};
            case LENGTHS -> new long[] {x[1]};
            case INITIAL_HIDDEN, INITIAL_CELL -> state;
            default -> x;
          };
      if (!Arrays.equals(shapes.get(i), expected)) {
        throw site.mismatch(shapes);
      }
    }
    if (site.node().integer("hidden_size", h) != h) {
      throw site.untrainable("hidden_size is not that of the weights");
    }
    long[] all = {x[0], d, x[1], h};
    return states == 2 ? List.of(all, state, state) : List.of(all, state);
  }

  @Override
  public final Step bind(List<Value> values, List<Value> results) {
    List<Recurrence> directions = new ArrayList<>();
    for (int d = 0; d < directions(); d++) {
      directions.add(bind(operands(values, d), results(results, d), functions.of(d)));
    }
    return new Step() {
      @Override
      public void forward(RandomGenerator noise) {
        directions.forEach(Recurrence::forward);
      }

      @Override
      public void backward() {
        directions.forEach(Recurrence::backward);
      }
    };
  }

  private RecurrentOperands operands(List<Value> values, int direction) {
    Value lengths = at(LENGTHS, values);
    return new RecurrentOperands(
        direction == 1 || direction().equals("reverse"),
        values.get(X),
        part(values.get(W), direction),
        part(values.get(R), direction),
        optionalPart(at(B, values), direction),
        lengths == null ? null : lengths.data(),
        optionalPart(at(INITIAL_HIDDEN, values), direction),
        optionalPart(at(INITIAL_CELL, values), direction));
  }

  private RecurrentResults results(List<Value> results, int direction) {
    return new RecurrentResults(
        direction,
        directions(),
        results.get(0),
        part(results.get(1), direction),
        states == 2 ? part(results.get(2), direction) : null);
  }

  private @Nullable Value at(int position, List<Value> values) {
    int index = operands.indexOf(position);
    return index < 0 ? null : values.get(index);
  }

  private static @Nullable Value optionalPart(@Nullable Value value, int direction) {
    return value == null ? null : part(value, direction);
  }

  /** One direction's part along the first axis. */
  private static Value part(Value value, int direction) {
    long[] shape = value.data().shape();
    return value.part(direction, Arrays.copyOfRange(shape, 1, shape.length));
  }
}
