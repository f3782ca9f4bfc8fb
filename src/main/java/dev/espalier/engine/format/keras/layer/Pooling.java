package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Attribute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Maxima and averages of windows. Padding is never part of an average.
 *
 * @param operator of ONNX: {@code MaxPool} or {@code AveragePool}
 * @param axes spatial ones
 */
record Pooling(String operator, int axes) implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Images input = Images.of(call, axes);
    Windows windows = Windows.ofPooling(call, axes);
    List<Long> sizes = windows.count(call, input.spatial());
    Map<String, Attribute> attributes = new HashMap<>(windows.attributes(input.spatial()));
    String result = call.append(operator, attributes, input.name());
    return List.of(input.with(result, input.channels(), sizes).value());
  }
}
