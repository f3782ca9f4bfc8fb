package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The integers by which a model says how many channels there are: in the shapes that it reshapes
 * to, the sizes that it splits into, the places that it cuts at. Each comes from a stored number,
 * which can be rewritten, or from the shape of a value, which follows by itself; what is computed
 * from them in any other way cannot be followed.
 */
final class Counts {
  private static final int LARGEST = 4096;

  /** Where an integer comes from. */
  private sealed interface Source {
    /** An element of an initializer. */
    record Stored(String tensor, int element) implements Source {}

    /** The size of a value along an axis, times a number, over another. */
    record Dimension(String value, int axis, long times, long over) implements Source {
      Dimension scaled(long moreTimes, long moreOver) {
        return new Dimension(value, axis, times * moreTimes, over * moreOver);
      }
    }

    /** Anything else. */
    record Computed() implements Source {}
  }

  /** What an integer must be: {@code sign} times the number of {@code units} that are kept. */
  private record Use(List<Integer> units, int sign, String why) {}

  /** An integer to rewrite when units are removed. */
  record Rewrite(String tensor, int element, List<Integer> units, int sign) {}

  private final Units units;
  private final Function<String, Optional<long[]>> integers;
  private final Map<String, List<Source>> sources = new HashMap<>();
  private final Map<Source, List<Use>> uses = new LinkedHashMap<>();

  /**
   * Of a graph.
   *
   * @param parameters names of the initializers that are weights
   * @param integers values of what is computed from shapes and stored integers alone
   */
  Counts(
      Graph graph,
      Set<String> parameters,
      Units units,
      Function<String, Optional<long[]>> integers) {
    this.units = units;
    this.integers = integers;
    graph
        .initializers()
        .forEach(
            (name, tensor) -> {
              if (!parameters.contains(name)) {
                stored(name, tensor);
              }
            });
  }

  private void stored(String name, Tensor tensor) {
    boolean integer = tensor.type() == DataType.INT64 || tensor.type() == DataType.INT32;
    if (integer && tensor.rank() <= 1 && tensor.size() <= LARGEST) {
      sources.put(
          name,
          IntStream.range(0, tensor.size())
              .<Source>mapToObj(i -> new Source.Stored(name, i))
              .toList());
    }
  }

  /** Whether a value is made of shapes and stored integers. */
  boolean knows(String value) {
    return sources.containsKey(value);
  }

  /** Follows integers through a node that hands them on; false when it does not. */
  boolean handOn(Node node, int rank) {
    Optional<List<Source>> handed = handed(node, rank);
    handed.ifPresent(list -> sources.put(node.outputs().get(0), list));
    return handed.isPresent();
  }

  private Optional<List<Source>> handed(Node node, int rank) {
    if (node.operator().equals("Shape")) {
      String value = node.inputs().get(0);
      int start = (int) bound(node.integer("start", 0), rank);
      int end = (int) bound(node.integer("end", rank), rank);
      return Optional.of(
          IntStream.range(start, Math.max(start, end))
              .<Source>mapToObj(axis -> new Source.Dimension(value, axis, 1, 1))
              .toList());
    }
    List<Source> first = sources.get(node.input(0).orElse(""));
    if (first == null) {
      return Optional.empty();
    }
    return switch (node.operator()) {
      case "Identity", "Cast", "Floor", "Unsqueeze", "Squeeze", "Flatten", "Reshape" ->
          Optional.of(first);
      case "Mul", "Div" -> scaled(node, first);
      case "Concat" ->
          node.inputs().stream().allMatch(sources::containsKey)
              ? Optional.of(node.inputs().stream().flatMap(i -> sources.get(i).stream()).toList())
              : Optional.empty();
      case "Gather" ->
          stored(node, 1)
              .map(
                  at -> LongStream.of(at).mapToObj(i -> first.get(wrap(i, first.size()))).toList());
      case "Slice" -> sliced(node, first);
      default -> Optional.empty();
    };
  }

  /** A dimension times or over a stored number. */
  private Optional<List<Source>> scaled(Node node, List<Source> first) {
    long[] number = stored(node, 1).orElse(new long[0]);
    boolean follows =
        number.length == 1
            && number[0] > 0
            && number[0] <= LARGEST
            && first.size() == 1
            && first.get(0) instanceof Source.Dimension dimension
            && Math.max(dimension.times(), dimension.over()) <= LARGEST;
    if (!follows) {
      return Optional.empty();
    }
    Source.Dimension dimension = (Source.Dimension) first.get(0);
    boolean times = node.operator().equals("Mul");
    return Optional.of(List.of(dimension.scaled(times ? number[0] : 1, times ? 1 : number[0])));
  }

  private static long bound(long index, int size) {
    return Math.min(Math.max(index < 0 ? index + size : index, 0), size);
  }

  private static int wrap(long index, int size) {
    return (int) Math.floorMod(index, (long) size);
  }

  private Optional<long[]> stored(Node node, int slot) {
    return node.input(slot).flatMap(integers);
  }

  private Optional<List<Source>> sliced(Node node, List<Source> from) {
    Optional<long[]> starts =
        node.attributes().containsKey("starts")
            ? Optional.of(node.integers("starts"))
            : stored(node, 1);
    Optional<long[]> ends =
        node.attributes().containsKey("ends")
            ? Optional.of(node.integers("ends"))
            : stored(node, 2);
    boolean forward = stored(node, 4).map(steps -> steps[0] == 1).orElse(true);
    if (starts.isEmpty() || ends.isEmpty() || starts.get().length != 1 || !forward) {
      return Optional.empty();
    }
    int start = (int) bound(starts.get()[0], from.size());
    int end = (int) bound(ends.get()[0], from.size());
    return Optional.of(List.copyOf(from.subList(start, Math.max(start, end))));
  }

  /** Makes a result of a node integers that are computed in some way. */
  void compute(Node node, String result, int size) {
    node.inputs().forEach(input -> escape(input, node));
    sources.put(result, Collections.nCopies(size, new Source.Computed()));
  }

  /** Notes that a node uses integers as they are. */
  void escape(String value, Node node) {
    List<Source> found = sources.getOrDefault(value, List.of());
    for (int i = 0; i < found.size(); i++) {
      keep(value, i, Passage.why(node, "computes with the number of channels"));
    }
  }

  /** Notes that integers are outputs of the model. */
  void output(String value) {
    for (int i = 0; i < sources.getOrDefault(value, List.of()).size(); i++) {
      keep(value, i, "the number of channels is the model's output '" + value + "'");
    }
  }

  /** Notes that an integer must stay what it is. */
  void keep(String value, int element, String why) {
    expect(value, element, new int[0], 1, why);
  }

  /**
   * Notes what an integer must be.
   *
   * @param wanted it must be {@code sign} times the number of those that are kept
   * @param why they stay when it cannot
   */
  void expect(String value, int element, int[] wanted, int sign, String why) {
    List<Source> found = sources.get(value);
    List<Integer> list = Arrays.stream(wanted).boxed().toList();
    if (found == null || element >= found.size() || found.get(element) instanceof Source.Computed) {
      list.forEach(unit -> units.pin(unit, why));
      return;
    }
    uses.computeIfAbsent(found.get(element), s -> new ArrayList<>()).add(new Use(list, sign, why));
  }

  /**
   * Pins units until every integer can be what all of its uses want.
   *
   * @param along units along an axis of a value
   * @return whether something was pinned
   */
  boolean settle(BiFunction<String, Integer, List<Integer>> along) {
    boolean changed = false;
    for (Map.Entry<Source, List<Use>> entry : uses.entrySet()) {
      List<Use> wanted = new ArrayList<>(entry.getValue());
      long over = 1;
      long times = 1;
      if (entry.getKey() instanceof Source.Dimension dimension) {
        List<Integer> own = along.apply(dimension.value(), dimension.axis());
        wanted.add(new Use(own, 1, wanted.get(0).why()));
        over = dimension.over();
        times = dimension.times();
      }
      Set<List<Integer>> keys = new HashSet<>();
      for (int i = 0; i < wanted.size(); i++) {
        boolean own = i == entry.getValue().size();
        keys.add(key(wanted.get(i), own ? times : over));
      }
      for (Use use : keys.size() == 1 ? List.<Use>of() : wanted) {
        for (int unit : use.units()) {
          changed |= units.pinned(unit).isEmpty();
          units.pin(unit, use.why());
        }
      }
    }
    return changed;
  }

  /** What decides how an integer changes. */
  private List<Integer> key(Use use, long times) {
    List<Integer> roots = new ArrayList<>();
    for (int unit : removable(use.units())) {
      for (long i = 0; i < times; i++) {
        roots.add(unit);
      }
    }
    if (!roots.isEmpty() && use.sign() < 0) {
      roots.add(-1);
    }
    return roots;
  }

  private List<Integer> removable(List<Integer> all) {
    return all.stream()
        .filter(unit -> units.pinned(unit).isEmpty())
        .map(units::find)
        .sorted()
        .toList();
  }

  /** The stored integers that change with the channels; after they settled. */
  List<Rewrite> rewrites() {
    List<Rewrite> rewrites = new ArrayList<>();
    uses.forEach(
        (source, wanted) -> {
          Use use = wanted.get(0);
          if (source instanceof Source.Stored stored && !removable(use.units()).isEmpty()) {
            rewrites.add(new Rewrite(stored.tensor(), stored.element(), use.units(), use.sign()));
          }
        });
    return rewrites;
  }
}
