package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Vertices that change the batch or the number of time steps. */
final class Batches {
  private Batches() {}

  /** Puts the batches of all values behind each other. */
  record Stack(Site site) implements Vertex {
    @Override
    public Optional<Flow> before(Optional<Flow> after) {
      return after;
    }

    @Override
    public Value appendTo(Assembly graph, List<Value> values) {
      Value first = values.get(0);
      values.forEach(value -> site.requireInput(value, first.flow()));
      return graph.append(
          site.name(),
          "Concat",
          first,
          Map.of("axis", new Attribute.Int(0)),
          values.stream().skip(1).map(Value::name).toArray(String[]::new));
    }
  }

  /**
   * One of the parts that were stacked.
   *
   * @param from which
   * @param parts of how many
   */
  record Unstack(Site site, int from, int parts) implements Vertex {
    private static final int MOST = 100;

    static Unstack of(Site site) {
      int from = site.fields().integer("from", 0);
      int parts = site.fields().integer("stackSize", 1);
      if (from >= parts || parts > MOST) {
        throw site.fields().malformed("there is no part %d of %d".formatted(from, parts));
      }
      return new Unstack(site, from, parts);
    }

    @Override
    public Optional<Flow> before(Optional<Flow> after) {
      return after;
    }

    @Override
    public Value appendTo(Assembly graph, List<Value> values) {
      Value value = VertexReader.single(site, values);
      Map<String, Attribute> axis = Map.of("axis", new Attribute.Int(0));
      List<String> all = graph.node(site.name(), "Split", List.of(value.name()), axis, parts);
      return new Value(all.get(from), value.flow());
    }
  }

  /**
   * Repeats vectors for every time step of an input.
   *
   * @param input name of the network's input
   */
  record Duplicate(Site site, String input, Function<String, Optional<Value>> inputs)
      implements Vertex {
    static Duplicate of(Site site, Function<String, Optional<Value>> inputs) {
      return new Duplicate(site, site.fields().text("inputName").orElse(""), inputs);
    }

    @Override
    public Optional<Flow> before(Optional<Flow> after) {
      return Optional.of(new Flow.Flat(after.map(Flow::width).orElse(Width.unknown())));
    }

    @Override
    public Value appendTo(Assembly graph, List<Value> values) {
      Value value = VertexReader.single(site, values);
      site.requireInput(value, new Flow.Flat(Width.unknown()));
      Value like =
          inputs
              .apply(input)
              .orElseThrow(
                  () ->
                      site.fields()
                          .malformed("its input '" + input + "' is none of the network's"));
      if (!(like.flow() instanceof Flow.Sequence sequence)) {
        throw site.fields().malformed("input '" + input + "' is not a sequence");
      }
      String layer = site.name();
      Value sizes = graph.append(layer, "Shape", like);
      String which = graph.constant(layer + "/axis", Tensor.of(new long[] {2}, 1));
      Value steps = graph.append(layer, "Gather", sizes, which);
      String ones = graph.integers(layer + "/ones", 1, 1);
      String shape =
          graph
              .node(
                  layer,
                  "Concat",
                  List.of(ones, steps.name()),
                  Map.of("axis", new Attribute.Int(0)),
                  1)
              .get(0);
      Value step = graph.append(layer, "Unsqueeze", value, graph.integers(layer + "/axes", 2));
      return graph
          .append(layer, "Expand", step, shape)
          .as(new Flow.Sequence(value.flow().width(), sequence.channelsLast()));
    }
  }
}
