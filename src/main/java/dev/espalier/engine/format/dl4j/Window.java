package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a convolution or pooling slides over its input.
 *
 * @param same whether the output has ⌈input / stride⌉ positions, with the padding that needs (the
 *     odd element at the end); else {@code padding} is on both sides and incomplete windows at the
 *     end are left out
 */
record Window(Spatial kernel, Spatial stride, Spatial padding, Spatial dilation, boolean same) {

  /** Reads the settings that both kinds of layer share. */
  static Window of(Fields layer) {
    String mode = layer.text("convolutionMode").orElse("");
    boolean same =
        switch (mode) {
          case "Same" -> true;
          case "Truncate", "Strict" -> false;
          default -> throw layer.unsupported("convolution mode '" + mode + "' is not supported");
        };
    return new Window(
        layer.spatial("kernelSize", 1),
        layer.spatial("stride", 1),
        layer.spatial("padding", 0),
        layer.spatial("dilation", 1),
        same);
  }

  /** Whether windows are dilated. */
  boolean isDilated() {
    return dilation.height() > 1 || dilation.width() > 1;
  }

  /**
   * As ONNX attributes; at stride 1 the padding of {@code same} does not depend on the input's size
   * and is written out.
   */
  Map<String, Attribute> attributes() {
    Map<String, Attribute> attributes = new HashMap<>();
    attributes.put("kernel_shape", kernel.attribute());
    attributes.put("strides", stride.attribute());
    if (isDilated()) {
      attributes.put("dilations", dilation.attribute());
    }
    if (!same) {
      attributes.put("pads", pads(padding, padding));
    } else if (stride.height() == 1 && stride.width() == 1) {
      long rows = (kernel.height() - 1L) * dilation.height();
      long columns = (kernel.width() - 1L) * dilation.width();
      attributes.put(
          "pads",
          new Attribute.Ints(
              List.of(rows / 2, columns / 2, rows - rows / 2, columns - columns / 2)));
    } else {
      attributes.put("auto_pad", new Attribute.Text("SAME_UPPER"));
    }
    return attributes;
  }

  private static Attribute pads(Spatial begin, Spatial end) {
    return new Attribute.Ints(
        List.of(
            (long) begin.height(), (long) begin.width(), (long) end.height(), (long) end.width()));
  }
}
