package dev.espalier.engine.format.dl4j;

import java.util.List;
import java.util.Optional;

/**
 * Gives samples another shape.
 *
 * @param dimensions with the batch, which is −1
 */
record Shape(Site site, List<Integer> dimensions) implements Vertex {
  static Shape of(Site site) {
    Fields fields = site.fields();
    List<Integer> dimensions = fields.list("newShape", -1);
    boolean samples =
        dimensions.size() >= 2
            && dimensions.size() <= 4
            && dimensions.get(0) == -1
            && dimensions.stream().skip(1).allMatch(size -> size > 0);
    if (!samples || !fields.text("reshapeOrder").orElse("c").equals("c")) {
      throw fields.unsupported("a shape " + dimensions + " is not supported");
    }
    return new Shape(site, dimensions);
  }

  @Override
  public Optional<Flow> before(Optional<Flow> after) {
    return Optional.empty();
  }

  @Override
  public Value appendTo(Assembly graph, List<Value> values) {
    Value value = VertexReader.single(site, values);
    graph.pin("what vertex '" + site.name() + "' reshapes", value.flow().width());
    if (value.flow() instanceof Flow.Steps) {
      throw site.fields().unsupported("time steps are reshaped");
    }
    Value theirs = Layouts.theirs(graph, site.name(), value);
    long[] shape = dimensions.stream().mapToLong(Integer::longValue).toArray();
    Width channels = Width.of(shape[1]);
    Flow flow =
        switch (shape.length) {
          case 2 -> new Flow.Flat(channels);
          case 3 -> new Flow.Sequence(channels, false);
          default -> new Flow.Image(channels, false, null);
        };
    return Layouts.reshaped(graph, site.name(), theirs, shape).as(flow);
  }
}
