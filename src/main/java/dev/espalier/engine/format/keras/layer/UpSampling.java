package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Images or signals enlarged by whole factors: elements repeated, or interpolated linearly between
 * the centres of pixels.
 *
 * @param axes spatial ones
 */
record UpSampling(int axes) implements Lowering {
  private static final Map<String, Attribute> NEAREST =
      Map.of(
          "mode", new Attribute.Text("nearest"),
          "coordinate_transformation_mode", new Attribute.Text("asymmetric"),
          "nearest_mode", new Attribute.Text("floor"));
  private static final Map<String, Attribute> LINEAR =
      Map.of(
          "mode", new Attribute.Text("linear"),
          "coordinate_transformation_mode", new Attribute.Text("half_pixel"));

  @Override
  public List<Value> lower(LayerCall call) {
    Images input = axes == 1 ? Images.of(call, 1, false) : Images.of(call, axes);
    List<Integer> factors = call.config().perAxis("size", axes, 1, 2);
    float[] scales = new float[axes + 2];
    Arrays.fill(scales, 1);
    List<Long> sizes = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      scales[2 + axis] = factors.get(axis);
      long size = input.spatial().get(axis);
      sizes.add(size == ValueInfo.UNKNOWN ? size : size * factors.get(axis));
    }
    String constant = call.constant("scales", Tensor.of(scales, scales.length));
    String enlarged = call.append("Resize", interpolation(call), input.name(), "", constant);
    return List.of(input.with(enlarged, input.channels(), sizes).value());
  }

  private static Map<String, Attribute> interpolation(LayerCall call) {
    String interpolation = call.config().text("interpolation").orElse("nearest");
    return switch (interpolation) {
      case "nearest" -> NEAREST;
      case "bilinear" -> LINEAR;
      default -> throw call.unsupported("interpolation '" + interpolation + "' is not supported");
    };
  }
}
