package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import java.util.Map;

/**
 * Pooling over windows of images or sequences.
 *
 * @param operator {@code MaxPool}, {@code AveragePool} or {@code LpPool}
 * @param countsPadding whether an average divides by the window's size even where it overlaps
 *     padding
 * @param norm the p of {@code LpPool}
 */
record Pooling(
    Site site,
    int axes,
    String operator,
    Window window,
    boolean channelsLast,
    boolean countsPadding,
    int norm)
    implements Layer {

  static Pooling of(Site site, int axes) {
    Fields layer = site.fields();
    String type = layer.text("poolingType").orElse("MAX");
    Window window = Window.of(layer, axes);
    String operator =
        switch (type) {
          case "MAX" -> "MaxPool";
          case "AVG" -> "AveragePool";
          case "PNORM" -> "LpPool";
          default -> throw layer.unsupported("pooling type '" + type + "' is not supported");
        };
    if (!type.equals("MAX") && window.isDilated()) {
      throw layer.unsupported("dilated pooling of type " + type + " is not supported");
    }
    return new Pooling(
        site,
        axes,
        operator,
        window,
        site.channelsLast("cnn2dDataFormat"),
        layer.flag("avgPoolIncludePadInDivisor", false),
        type.equals("PNORM") ? layer.integer("pnorm", 1) : 0);
  }

  @Override
  public Value appendTo(Assembly graph, Value value) {
    if (axes == 1) {
      site.requireSequence(value, channelsLast, Width.unknown());
    } else {
      site.requireImage(value, channelsLast, Width.unknown());
    }
    Map<String, Attribute> attributes = window.attributes();
    if (operator.equals("AveragePool")) {
      attributes.put("count_include_pad", new Attribute.Int(countsPadding ? 1 : 0));
    }
    if (operator.equals("LpPool")) {
      attributes.put("p", new Attribute.Int(norm));
    }
    return graph.append(site.name(), operator, value, attributes);
  }
}
