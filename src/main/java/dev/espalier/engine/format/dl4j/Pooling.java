package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import java.util.Map;
import java.util.Optional;

/**
 * Pooling over windows.
 *
 * @param operator {@code MaxPool} or {@code AveragePool}
 * @param countsPadding whether an average divides by the window's size even where it overlaps
 *     padding
 */
record Pooling(
    String name, String operator, Window window, boolean channelsLast, boolean countsPadding)
    implements Layer {

  static Pooling of(String name, Fields layer) {
    String type = layer.text("poolingType").orElse("");
    Window window = Window.of(layer);
    String operator =
        switch (type) {
          case "MAX" -> "MaxPool";
          case "AVG" -> "AveragePool";
          default -> throw layer.unsupported("pooling type '" + type + "' is not supported yet");
        };
    if (type.equals("AVG") && window.isDilated()) {
      throw layer.unsupported("dilated average pooling is not supported yet");
    }
    return new Pooling(
        name,
        operator,
        window,
        Flow.Image.channelsLast(layer, "cnn2dDataFormat"),
        !layer.isUnset("avgPoolIncludePadInDivisor"));
  }

  @Override
  public Optional<Flow> input() {
    return Optional.empty();
  }

  @Override
  public void appendTo(GraphAssembler graph) {
    graph.requireImage(name, channelsLast);
    Map<String, Attribute> attributes = window.attributes();
    if (operator.equals("AveragePool")) {
      attributes.put("count_include_pad", new Attribute.Int(countsPadding ? 1 : 0));
    }
    graph.append(name, operator, attributes);
  }
}
