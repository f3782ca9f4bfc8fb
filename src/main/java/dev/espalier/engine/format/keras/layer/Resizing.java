package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Attribute;
import java.util.List;
import java.util.Map;

/** Images of another size, interpolated linearly between the centres of pixels. */
final class Resizing implements Lowering {
  private static final Map<String, Attribute> LINEAR =
      Map.of(
          "mode", new Attribute.Text("linear"),
          "coordinate_transformation_mode", new Attribute.Text("half_pixel"));

  @Override
  public List<Value> lower(LayerCall call) {
    long height = call.config().integer("height", 1);
    long width = call.config().integer("width", 1);
    String interpolation = call.config().text("interpolation").orElse("bilinear");
    boolean plain =
        interpolation.equals("bilinear")
            && !call.config().flag("crop_to_aspect_ratio", false)
            && !call.config().flag("pad_to_aspect_ratio", false)
            && !call.config().flag("antialias", false);
    if (!plain) {
      throw call.unsupported("only bilinear resizing without regard to the sides is supported");
    }
    Images input = Images.of(call, 2);
    Nodes on = new Nodes(call);
    String kept =
        on.node(
            "Slice",
            on.node("Shape", input.name()),
            on.integers("starts", 0),
            on.integers("ends", 2));
    String sizes = on.concat(0, kept, on.integers("size", height, width));
    String resized = call.append("Resize", LINEAR, input.name(), "", "", sizes);
    return List.of(input.with(resized, input.channels(), List.of(height, width)).value());
  }
}
