package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Repeats every position.
 *
 * @param axes 2 for images, 1 for sequences
 * @param factors how often, per axis
 */
record Upsampling(Site site, int axes, List<Long> factors) implements Layer {

  static Upsampling of(Site site, int axes) {
    return new Upsampling(site, axes, site.fields().integers("size", axes, 1, 2));
  }

  @Override
  public Value appendTo(Assembly graph, Value value) {
    if (axes == 1) {
      site.requireSequence(value, false, Width.unknown());
    } else {
      site.requireImage(value, site.channelsLast("format"), Width.unknown());
    }
    float[] scales = new float[2 + axes];
    scales[0] = 1;
    scales[1] = 1;
    for (int axis = 0; axis < axes; axis++) {
      scales[2 + axis] = factors.get(axis);
    }
    Map<String, Attribute> repeat =
        Map.of(
            "mode", new Attribute.Text("nearest"),
            "nearest_mode", new Attribute.Text("floor"),
            "coordinate_transformation_mode", new Attribute.Text("asymmetric"));
    String name = graph.constant(site.name() + "/scales", Tensor.of(scales, scales.length));
    return graph.append(site.name(), "Resize", value, repeat, "", name);
  }
}
