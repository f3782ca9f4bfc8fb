package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.format.dl4j.Typed.Family;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Reads the vertices of a computation graph. */
final class VertexReader {
  private VertexReader() {}

  /** A vertex with a layer. */
  private record LayerVertex(Site site, Optional<Preprocessor> preprocessor, Layer layer)
      implements Vertex {
    @Override
    public Optional<Flow> before(Optional<Flow> after) {
      return preprocessor.isPresent()
          ? preprocessor.get().input()
          : layer.input().or(() -> layer.keepsKind() ? after : Optional.empty());
    }

    @Override
    public Value appendTo(Assembly graph, List<Value> values) {
      Value value = single(site, values);
      if (preprocessor.isPresent()) {
        value = preprocessor.get().appendTo(graph, site, value);
      }
      return layer.appendTo(graph, value);
    }
  }

  /**
   * A vertex of one input.
   *
   * @param takes what it takes, for what it gives
   */
  private record Single(Site site, UnaryOperator<Optional<Flow>> takes, Step step)
      implements Vertex {
    @Override
    public Optional<Flow> before(Optional<Flow> after) {
      return takes.apply(after);
    }

    @Override
    public Value appendTo(Assembly graph, List<Value> values) {
      return step.apply(graph, single(site, values));
    }
  }

  /** What a vertex of one input appends. */
  private interface Step {
    Value apply(Assembly graph, Value value);
  }

  /**
   * Reads a vertex.
   *
   * @param inputs resolves the name of a network input, for vertices that look at one
   */
  static Vertex read(String name, Fields object, Function<String, Optional<Value>> inputs) {
    return read(name, object, inputs, false);
  }

  private static Vertex read(
      String name, Fields object, Function<String, Optional<Value>> inputs, boolean frozen) {
    Typed typed = Typed.of(Family.VERTEX, object);
    Fields fields = typed.fields();
    Site site = new Site(name, "", name, fields, frozen);
    return switch (typed.kind()) {
      case "LayerVertex" -> layer(site);
      case "FrozenVertex" -> read(name, fields.requiredObject("underlying"), inputs, true);
      case "MergeVertex" -> Merge.of(site);
      case "ElementWiseVertex" -> ElementWise.of(site);
      case "StackVertex" -> new Batches.Stack(site);
      case "UnstackVertex" -> Batches.Unstack.of(site);
      case "SubsetVertex" -> Subset.of(site);
      case "ReshapeVertex" -> Shape.of(site);
      case "ScaleVertex" -> scale(site);
      case "ShiftVertex" -> shift(site);
      case "L2NormalizeVertex" -> UnitLength.of(site);
      case "PoolHelperVertex" ->
          new Single(
              site,
              UnaryOperator.identity(),
              (graph, value) ->
                  Slices.of(
                      graph,
                      name,
                      value,
                      new long[] {1, 1},
                      new long[] {Long.MAX_VALUE, Long.MAX_VALUE},
                      value.flow().axis(2),
                      value.flow().axis(3)));
      case "PreprocessorVertex" -> {
        Preprocessor change = Preprocessor.of(fields.requiredObject("preProcessor"));
        yield new Single(
            site, after -> change.input(), (graph, value) -> change.appendTo(graph, site, value));
      }
      case "rnn.LastTimeStepVertex" ->
          sequence(
              site,
              after -> after.map(flow -> new Flow.Sequence(flow.width(), false)),
              (graph, value) -> Slices.timeStep(graph, name, value, -1));
      case "rnn.ReverseTimeSeriesVertex" ->
          sequence(
              site,
              UnaryOperator.identity(),
              (graph, value) -> Slices.reversed(graph, name, value));
      case "rnn.DuplicateToTimeSeriesVertex" -> Batches.Duplicate.of(site, inputs);
      default -> throw fields.unsupported("vertex '" + typed.kind() + "' is not supported");
    };
  }

  private static Vertex layer(Site site) {
    Fields fields = site.fields();
    Fields layer = fields.requiredObject("layerConf").requiredObject("layer");
    Optional<Preprocessor> preprocessor = fields.object("preProcessor").map(Preprocessor::of);
    return new LayerVertex(site, preprocessor, new LayerReader().read(site, layer));
  }

  private static Vertex scale(Site site) {
    double factor = site.fields().number("scaleFactor", 1);
    return new Single(
        site,
        UnaryOperator.identity(),
        (graph, value) -> new Formula(graph, site.name()).times(value, factor));
  }

  private static Vertex shift(Site site) {
    double summand = site.fields().number("shiftFactor", 0);
    return new Single(
        site,
        UnaryOperator.identity(),
        (graph, value) -> new Formula(graph, site.name()).plus(value, summand));
  }

  private static Vertex sequence(Site site, UnaryOperator<Optional<Flow>> takes, Step function) {
    return new Single(
        site,
        takes,
        (graph, value) -> {
          if (!(value.flow() instanceof Flow.Sequence)) {
            throw site.fields().malformed("it takes a sequence, not " + value.flow());
          }
          return function.apply(graph, value);
        });
  }

  /** The only value of a vertex that takes one. */
  static Value single(Site site, List<Value> values) {
    if (values.size() != 1) {
      throw site.fields().malformed("it takes one input, not " + values.size());
    }
    return values.get(0);
  }
}
