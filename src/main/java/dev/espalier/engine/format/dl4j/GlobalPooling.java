package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Pooling over all positions or time steps.
 *
 * @param axes Deeplearning4j's axes that are pooled over, or none for those of its default layouts
 * @param collapses whether the pooled axes vanish
 */
record GlobalPooling(Site site, String type, List<Integer> axes, boolean collapses)
    implements Layer {

  static GlobalPooling of(Site site) {
    Fields layer = site.fields();
    return new GlobalPooling(
        site,
        layer.text("poolingType").orElse("MAX"),
        layer.list("poolingDimensions", 0),
        layer.flag("collapseDimensions", true));
  }

  @Override
  public boolean keepsKind() {
    return false;
  }

  @Override
  public Value appendTo(Assembly graph, Value value) {
    boolean isImage = value.flow() instanceof Flow.Image;
    if (!isImage && !(value.flow() instanceof Flow.Sequence)) {
      return value;
    }
    List<Integer> theirs = axes;
    if (theirs.isEmpty()) {
      theirs = isImage ? List.of(2, 3) : List.of(2);
    }
    List<Integer> ours = theirs.stream().map(value.flow()::axis).sorted().toList();
    if (!ours.equals(isImage ? List.of(2, 3) : List.of(2))) {
      throw site.fields()
          .unsupported(
              "pooling over axes %s of %s is not supported".formatted(theirs, value.flow()));
    }
    Value pooled = pooled(graph, value, isImage);
    if (!collapses) {
      return pooled;
    }
    Flow.Flat flat = new Flow.Flat(value.flow().width());
    Map<String, Attribute> fromChannels = Map.of("axis", new Attribute.Int(1));
    Value vectors = graph.append(site.name(), "Flatten", pooled, fromChannels);
    return value.flow() instanceof Flow.Image image && image.steps() != null
        ? Layouts.unfolded(graph, site.name(), vectors, image.steps(), flat.width())
        : vectors.as(flat);
  }

  private Value pooled(Assembly graph, Value value, boolean isImage) {
    String layer = site.name();
    return switch (type) {
      case "MAX" -> isImage ? graph.append(layer, "GlobalMaxPool", value) : max(graph, value);
      case "AVG" -> isImage ? graph.append(layer, "GlobalAveragePool", value) : mean(graph, value);
      case "SUM" -> sum(graph, value, isImage);
      case "PNORM" -> norm(graph, value, isImage, site.fields().integer("pnorm", 1));
      default -> throw site.fields().unsupported("pooling type '" + type + "' is not supported");
    };
  }

  private Value max(Assembly graph, Value value) {
    return graph.append(site.name(), "ReduceMax", value, overTime());
  }

  private Value mean(Assembly graph, Value value) {
    return graph.append(site.name(), "ReduceMean", value, overTime());
  }

  private static Map<String, Attribute> overTime() {
    return Map.of("axes", new Attribute.Ints(List.of(2L)), "keepdims", new Attribute.Int(1));
  }

  private Value sum(Assembly graph, Value value, boolean isImage) {
    List<Long> over = new ArrayList<>(List.of(2L));
    if (isImage) {
      over.add(3L);
    }
    String name = site.name() + "/ReduceSum/axes";
    long[] numbers = over.stream().mapToLong(Long::longValue).toArray();
    return graph.append(
        site.name(),
        "ReduceSum",
        value,
        Map.of("keepdims", new Attribute.Int(1)),
        graph.integers(name, numbers));
  }

  private Value norm(Assembly graph, Value value, boolean isImage, int p) {
    Formula f = new Formula(graph, site.name());
    Value powers = f.power(f.apply("Abs", value), p);
    return f.power(sum(graph, powers, isImage), 1.0 / p);
  }
}
