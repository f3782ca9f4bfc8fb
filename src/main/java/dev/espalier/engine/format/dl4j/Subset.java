package dev.espalier.engine.format.dl4j;

import java.util.List;
import java.util.Optional;

/** Elements {@code from} to {@code to}, both included, of the axis behind the batch. */
record Subset(Site site, int from, int to) implements Vertex {
  static Subset of(Site site) {
    int from = site.fields().integer("from", 0);
    return new Subset(site, from, site.fields().integer("to", from));
  }

  @Override
  public Optional<Flow> before(Optional<Flow> after) {
    return after.map(flow -> flow.with(Width.unknown()));
  }

  @Override
  public Value appendTo(Assembly graph, List<Value> values) {
    Value value = VertexReader.single(site, values);
    int axis = value.flow().axis(1);
    Value part =
        Slices.of(graph, site.name(), value, new long[] {from}, new long[] {to + 1L}, axis);
    if (axis != value.flow().channelAxis()) {
      return part;
    }
    Width width = value.flow().width();
    if (width.isKnown() && to >= width.size()) {
      throw site.fields().malformed("there are only %d of %d".formatted(width.size(), to + 1L));
    }
    graph.pin("what vertex '" + site.name() + "' selects from", width);
    return part.with(Width.of(to - from + 1L));
  }
}
