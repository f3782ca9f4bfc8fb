package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts values behind each other, along channels or features unless another axis is set.
 *
 * @param axis of Deeplearning4j's arrays
 */
record Merge(Site site, int axis) implements Vertex {
  static Merge of(Site site) {
    return new Merge(
        site, site.fields().isNumber("mergeAxis") ? site.fields().integer("mergeAxis", -4) : 1);
  }

  @Override
  public Optional<Flow> before(Optional<Flow> after) {
    return after.map(flow -> flow.with(Width.unknown()));
  }

  @Override
  public Value appendTo(Assembly graph, List<Value> values) {
    Value first = values.get(0);
    if (values.size() == 1) {
      return first;
    }
    int rank = first.flow().dimensions().size();
    int theirs = axis < 0 ? axis + rank : axis;
    if (theirs < 1 || theirs >= rank) {
      throw site.fields().unsupported("values of rank %d merged at %d".formatted(rank, axis));
    }
    int ours = first.flow().axis(theirs);
    boolean channels = ours == first.flow().channelAxis();
    Width width = first.flow().width();
    for (Value value : values.subList(1, values.size())) {
      Width other = channels ? Width.unknown() : width;
      site.requireInput(value, first.flow().with(other));
      width = channels ? width.plus(value.flow().width()) : width;
    }
    return graph
        .append(
            site.name(),
            "Concat",
            first,
            Map.of("axis", new Attribute.Int(ours)),
            values.stream().skip(1).map(Value::name).toArray(String[]::new))
        .with(width);
  }
}
