package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** x / max(‖x‖₂, ε) with the norm over all of a sample. */
record UnitLength(Site site, List<Integer> axes, double epsilon) implements Vertex {
  static UnitLength of(Site site) {
    Fields fields = site.fields();
    return new UnitLength(site, fields.list("dimension", 1), fields.number("eps", 1e-8));
  }

  @Override
  public Optional<Flow> before(Optional<Flow> after) {
    return after;
  }

  @Override
  public Value appendTo(Assembly graph, List<Value> values) {
    Value value = VertexReader.single(site, values);
    int rank = value.flow().dimensions().size();
    if (!axes.isEmpty() && axes.size() != rank - 1) {
      throw site.fields().unsupported("a norm over axes " + axes + " is not supported");
    }
    List<Long> over =
        LongStream.range(1, rank)
            .map(axis -> value.flow().axis((int) axis))
            .sorted()
            .boxed()
            .toList();
    Value norm =
        graph.append(
            site.name(),
            "ReduceL2",
            value,
            Map.of("axes", new Attribute.Ints(over), "keepdims", new Attribute.Int(1)));
    String least = graph.constant(site.name() + "/least", epsilon);
    Value bounded = graph.append(site.name(), "Max", norm, least);
    return graph.append(site.name(), "Div", value, bounded.name());
  }
}
