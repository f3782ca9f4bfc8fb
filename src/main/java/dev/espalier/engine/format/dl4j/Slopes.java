package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Parameter.Role;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A rectifier with a trained slope per position (PReLU), or per group of positions where axes share
 * it. Its parameter is column-major and has the input's shape, with size 1 where it is shared.
 *
 * @param shape of a sample
 */
record Slopes(Site site, List<Integer> shape) implements Layer {

  static Slopes of(Site site) {
    Fields layer = site.fields();
    List<Integer> shape = layer.list("inputShape", 1);
    if (shape.isEmpty() || shape.size() > 3) {
      throw layer.malformed("slopes have a shape of 1 to 3 axes, not " + shape);
    }
    List<Integer> shared = layer.list("sharedAxes", 1);
    if (shared.stream().anyMatch(axis -> axis > shape.size())) {
      throw layer.malformed("axes " + shared + " are shared of " + shape);
    }
    List<Integer> own =
        IntStream.range(0, shape.size())
            .mapToObj(axis -> shared.contains(axis + 1) ? 1 : shape.get(axis))
            .toList();
    return new Slopes(site, own);
  }

  @Override
  public Value appendTo(Assembly graph, Value value) {
    int rank = value.flow().dimensions().size();
    if (shape.size() != rank - 1
        || value.flow() instanceof Flow.Steps
        || lastIsChannels(value.flow())) {
      throw site.fields()
          .unsupported(
              "slopes of shape %s for %s are not supported".formatted(shape, value.flow()));
    }
    long[] dimensions = shape.stream().mapToLong(Integer::longValue).toArray();
    String slope = graph.parameter(site, "W", Role.OTHER, Arrangement.COLUMN_MAJOR, dimensions);
    graph.pin("the slopes of layer '" + site.name() + "'", value.flow().width());
    return graph.append(site.name(), "PRelu", value, slope);
  }

  /** Slopes lie as Deeplearning4j's samples do, of which only channels-first ones are mapped. */
  private static boolean lastIsChannels(Flow flow) {
    return flow.dimensions().size() > 2 && flow.lastAxis() == flow.channelAxis();
  }
}
