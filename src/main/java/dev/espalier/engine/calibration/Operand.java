package dev.espalier.engine.calibration;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of the graph that a kernel is multiplied with.
 *
 * @param value its name
 * @param scale of its integers, the name of a value; null when it holds real numbers
 * @param zeroPoint likewise; null for 0
 */
record Operand(String value, @Nullable String scale, @Nullable String zeroPoint) {
  /** One that holds real numbers. */
  static Operand real(String value) {
    return new Operand(value, null, null);
  }

  /** Adds what makes it float32 to a graph; returns that value's name. */
  String asFloats(Additions graph) {
    String numbers = value;
    if (scale != null) {
      List<String> inputs =
          zeroPoint == null ? List.of(value, scale) : List.of(value, scale, zeroPoint);
      numbers = graph.add("DequantizeLinear", Map.of(), inputs);
    }
    Attribute type = new Attribute.Int(DataType.FLOAT.onnxCode());
    return graph.add("Cast", Map.of("to", type), List.of(numbers));
  }
}
