package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Attribute;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code ReLU} with its three settings: x from {@code threshold} up, cut at {@code max_value}, and
 * {@code negative_slope} · (x − threshold) below.
 */
final class Rectifier implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Value value = call.input();
    double slope = call.config().number("negative_slope", 0);
    double threshold = call.config().number("threshold", 0);
    Optional<Double> most = call.config().number("max_value");
    if (slope < 0 || threshold < 0 || most.orElse(0.0) < 0) {
      throw call.config().malformed("its settings must not be negative");
    }
    Nodes on = new Nodes(call);
    String x = value.name();
    String upper = upper(on, x, threshold, most);
    if (slope == 0) {
      return List.of(value.renamed(upper));
    }
    if (threshold == 0 && most.isEmpty()) {
      return List.of(
          value.renamed(
              call.append("LeakyRelu", Map.of("alpha", new Attribute.Real((float) slope)), x)));
    }
    String below = on.node("Min", on.node("Sub", x, on.scalar(threshold)), on.scalar(0));
    return List.of(value.renamed(on.node("Add", upper, on.node("Mul", below, on.scalar(slope)))));
  }

  private static String upper(Nodes on, String x, double threshold, Optional<Double> most) {
    if (threshold == 0) {
      return most.isEmpty()
          ? on.node("Relu", x)
          : on.node("Clip", x, on.scalar(0), on.scalar(most.get()));
    }
    String kept =
        on.call()
            .append("ThresholdedRelu", Map.of("alpha", new Attribute.Real((float) threshold)), x);
    return most.isEmpty() ? kept : on.node("Min", kept, on.scalar(most.get()));
  }
}
