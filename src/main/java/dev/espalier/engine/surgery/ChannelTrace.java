package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.graph.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Follows every position of every axis of every tensor through a model, and so finds out which can
 * only be removed together. The dependency graph of Fang 2023 (arXiv:2301.12900), element by
 * element instead of layer by layer: what a reshape, a concatenation or a shuffle does to channels
 * needs no case of its own.
 */
final class ChannelTrace {
  /** A stored count of something that is not separated along an axis yet. */
  record JointCount(String value, int element, Factor factor, int axis, String why) {}

  private final Graph graph;
  private final KnownShapes shapes;
  private final Units units = new Units();
  private final Counts counts;
  private final Map<String, Traced> values = new LinkedHashMap<>();
  private final Map<String, List<Node>> readers = new HashMap<>();
  private final Map<String, Node> writers = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();
  private final List<Place> places = new ArrayList<>();
  private final List<Fold> folds = new ArrayList<>();
  private final List<JointCount> joint = new ArrayList<>();
  private final List<AttributeCount> attributes = new ArrayList<>();
  private final List<Factor> parts = new ArrayList<>();

  /**
   * Follows a graph.
   *
   * @throws dev.espalier.contract.Refusal when the runtime does not run it
   */
  ChannelTrace(Graph graph) {
    this.graph = graph;
    this.shapes = KnownShapes.of(graph);
    Set<String> parameters =
        graph.parameters().stream().map(Parameter::tensor).collect(Collectors.toSet());
    this.counts = new Counts(graph, parameters, units, this::integers);
    graph.nodes().forEach(this::index);
    graph.outputs().forEach(o -> uses.merge(o.name(), 1, Integer::sum));
    graph
        .initializers()
        .forEach((name, tensor) -> initializer(name, tensor, parameters.contains(name)));
    for (ValueInfo input : graph.inputs()) {
      values.put(input.name(), new Traced(shapes.shape(input.name()), List.of(), false));
    }
    graph.nodes().forEach(this::visit);
    graph.outputs().forEach(this::output);
    settle();
  }

  private void index(Node node) {
    node.outputs().forEach(output -> writers.put(output, node));
    for (String input : node.inputs()) {
      uses.merge(input, 1, Integer::sum);
      readers.computeIfAbsent(input, i -> new ArrayList<>()).add(node);
    }
  }

  private void initializer(String name, Tensor tensor, boolean parameter) {
    List<Factor> factors = new ArrayList<>();
    for (int axis = 0; axis < tensor.rank() && !counts.knows(name); axis++) {
      if (tensor.dimension(axis) > 1) {
        int[] fresh = units.fresh(Math.toIntExact(tensor.dimension(axis)));
        Factor factor = Factor.along(axis, parameter || isZero(tensor), fresh);
        factors.add(factor);
        places.add(new Place(name, axis, factor));
      }
    }
    List<Long> shape = Arrays.stream(tensor.shape()).boxed().toList();
    values.put(name, new Traced(shape, factors, true));
  }

  private static boolean isZero(Tensor tensor) {
    return tensor.type().isReal() && Weights.of(tensor).nonZero() == 0;
  }

  private void visit(Node node) {
    boolean constant = isConstant(node);
    int rank = node.input(0).map(i -> value(i).rank()).orElse(0);
    Passage passage = new Passage(this, node);
    if (counts.handOn(node, rank)) {
      escapeSettings(node);
    } else if (shapes.content(node.outputs().get(0)).isPresent()) {
      compute(node);
    } else {
      apply(passage);
      IntStream.range(0, node.inputs().size())
          .filter(slot -> !passage.counted(slot))
          .forEach(slot -> counts.escape(node.inputs().get(slot), node));
      pinCaptured(node);
    }
    for (int k = 0; k < node.outputs().size(); k++) {
      String output = node.outputs().get(k);
      if (!output.isEmpty()) {
        values.put(output, new Traced(shape(output), passage.result(k), constant));
      }
    }
  }

  /** Whether a node computes from initializers alone; a nested graph may read anything. */
  private boolean isConstant(Node node) {
    return !node.inputs().isEmpty()
        && node.attributes().values().stream().noneMatch(Attribute.Opaque.class::isInstance)
        && node.inputs().stream().filter(i -> !i.isEmpty()).allMatch(i -> value(i).constant());
  }

  /** Applies the rule of a node; what it does not expect of a model that runs, it stops. */
  private void apply(Passage passage) {
    Node node = passage.node();
    try {
      (resultsAreKnown(node) ? Rules.of(node.operator()) : Rules.of("")).apply(passage);
    } catch (IllegalArgumentException
        | ArithmeticException
        | IndexOutOfBoundsException
        | NoSuchElementException e) {
      passage.pinAll("is of a form that is not followed");
      passage.forgetResults();
    }
  }

  private void escapeSettings(Node node) {
    if (!node.operator().equals("Concat")) {
      node.inputs().stream().skip(1).forEach(input -> counts.escape(input, node));
    }
  }

  private void compute(Node node) {
    for (String output : node.outputs()) {
      counts.compute(node, output, shapes.content(output).map(c -> c.length).orElse(0));
    }
    for (String input : node.inputs()) {
      // Such as that of Size.
      traced(input)
          .ifPresent(v -> v.factors().forEach(f -> pin(f, Passage.why(node, "counts elements"))));
    }
  }

  private Optional<Traced> traced(String value) {
    return Optional.ofNullable(values.get(value));
  }

  private boolean resultsAreKnown(Node node) {
    return Rules.knowsAllResults(node.operator())
        || node.outputs().stream().skip(1).noneMatch(uses::containsKey);
  }

  private void pinCaptured(Node node) {
    for (String name : CapturedNames.of(node, values.keySet())) {
      value(name).factors().forEach(f -> pin(f, Passage.why(node, "has a graph of its own")));
    }
  }

  private void output(ValueInfo output) {
    value(output.name())
        .factors()
        .forEach(f -> pin(f, "its channels are the model's output '" + output.name() + "'"));
    counts.output(output.name());
  }

  private void pin(Factor factor, String why) {
    IntStream.of(factor.units()).forEach(unit -> units.pin(unit, why));
  }

  private void settle() {
    values.values().forEach(value -> value.factors().forEach(this::separate));
    for (JointCount count : joint) {
      Factor factor = count.factor().simplified(units);
      int[] along = factor.isAlong(count.axis()) ? factor.units() : new int[0];
      counts.expect(count.value(), count.element(), along, 1, count.why());
    }
    units.settle();
    while (counts.settle(this::along)) {
      units.settle();
    }
  }

  /** What depends on several axes can only go as slices across the longest of them. */
  private void separate(Factor factor) {
    Factor simple = factor.isJoint() ? factor.simplified(units) : factor;
    if (simple.isJoint()) {
      simple.separate(simple.longest(), units, "its channels lie across several axes");
    }
  }

  private List<Integer> along(String value, int axis) {
    Optional<Factor> factor = value(value).at(axis).map(f -> f.simplified(units));
    if (factor.isEmpty() || !factor.get().touches(axis)) {
      return List.of();
    }
    if (factor.get().isJoint()) {
      pin(factor.get(), "its channels lie across several axes");
    }
    return IntStream.of(factor.get().units()).boxed().toList();
  }

  Graph graph() {
    return graph;
  }

  Units units() {
    return units;
  }

  Counts counts() {
    return counts;
  }

  Traced value(String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  List<Long> shape(String name) {
    return shapes.shape(name);
  }

  /** Integers that are known before any input. */
  Optional<long[]> integers(String name) {
    Tensor tensor = graph.initializers().get(name);
    return tensor == null ? shapes.content(name) : StoredNumbers.integers(tensor);
  }

  /** The number in an initializer of one element. */
  OptionalDouble number(String name) {
    return Optional.ofNullable(graph.initializers().get(name))
        .map(StoredNumbers::single)
        .orElse(OptionalDouble.empty());
  }

  /** The nodes that read a value. */
  List<Node> readers(String value) {
    return readers.getOrDefault(value, List.of());
  }

  /** The node that writes a value. */
  Optional<Node> writer(String value) {
    return Optional.ofNullable(writers.get(value));
  }

  /** How often a value is read. */
  int uses(String name) {
    return uses.getOrDefault(name, 0);
  }

  void fold(Fold fold) {
    folds.add(fold);
  }

  void countJoint(JointCount count) {
    joint.add(count);
  }

  void countAttribute(AttributeCount count) {
    attributes.add(count);
  }

  List<AttributeCount> attributeCounts() {
    return List.copyOf(attributes);
  }

  /** Notes part of the channels of which something must remain. */
  void keepSome(Factor part) {
    parts.add(part);
  }

  /** All axes of all initializers. */
  List<Place> places() {
    return List.copyOf(places);
  }

  List<Fold> folds() {
    return List.copyOf(folds);
  }

  List<Factor> parts() {
    return List.copyOf(parts);
  }
}
