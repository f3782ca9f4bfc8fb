package dev.espalier.engine.format.keras.layer;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Operators and constants appended on behalf of one layer, without the ceremony. */
record Nodes(LayerCall call) {
  private static final Attribute LAST = ints(-1);
  private static final long LARGEST_CONSTANT = 1L << 22;

  /** A list of integers as an attribute. */
  static Attribute.Ints ints(long... values) {
    return new Attribute.Ints(LongStream.of(values).boxed().toList());
  }

  /** A list of integers as an attribute. */
  static Attribute.Ints ints(List<Long> values) {
    return new Attribute.Ints(values);
  }

  /** An operator without attributes. */
  String node(String operator, String... values) {
    return call.append(operator, Map.of(), values);
  }

  /** An operator on the axes of an attribute. */
  String over(String operator, String value, boolean keepDimensions, long... axes) {
    return call.append(
        operator,
        Map.of("axes", ints(axes), "keepdims", new Attribute.Int(keepDimensions ? 1 : 0)),
        value);
  }

  /** Sums over axes; since operator set 13 they are an input. */
  String sum(String value, boolean keepDimensions, long... axes) {
    return call.append(
        "ReduceSum",
        Map.of("keepdims", new Attribute.Int(keepDimensions ? 1 : 0)),
        value,
        integers("axes", axes));
  }

  /** A number. */
  String scalar(double value) {
    return call.constant("constant", Tensor.of(new float[] {(float) value}));
  }

  /** A list of integers. */
  String integers(String hint, long... values) {
    return call.constant(hint, Tensor.of(values, values.length));
  }

  /** A single integer without axes. */
  String integer(String hint, long value) {
    return call.constant(hint, Tensor.of(new long[] {value}));
  }

  /** Floats that are all the same, for lack of a weight. */
  String filled(String hint, float value, long... shape) {
    long elements = Tensor.elements(shape);
    if (elements > LARGEST_CONSTANT) {
      throw new Refusal(
          ReasonCode.GRAPH_TOO_LARGE,
          "%s: %,d channels are more than are supported"
              .formatted(call.config().where(), elements));
    }
    float[] values = new float[(int) elements];
    Arrays.fill(values, value);
    return call.constant(hint, Tensor.of(values, shape));
  }

  /** A value under another shape. */
  String reshape(String value, long... shape) {
    return node("Reshape", value, integers("shape", shape));
  }

  /** New axes of size 1. */
  String unsqueeze(String value, long... axes) {
    return node("Unsqueeze", value, integers("axes", axes));
  }

  /** Axes of size 1 taken away. */
  String squeeze(String value, long... axes) {
    return node("Squeeze", value, integers("axes", axes));
  }

  /** Axes in another order. */
  String transpose(String value, long... permutation) {
    return call.append("Transpose", Map.of("perm", ints(permutation)), value);
  }

  /** Values side by side. */
  String concat(long axis, String... values) {
    return call.append("Concat", Map.of("axis", new Attribute.Int(axis)), values);
  }

  /** A value with other elements. */
  String cast(String value, DataType type) {
    return call.append("Cast", Map.of("to", new Attribute.Int(type.onnxCode())), value);
  }

  /** A value as floats. */
  Value floats(Value value) {
    return value.type() == DataType.FLOAT
        ? value
        : value.renamed(cast(value.name(), DataType.FLOAT)).typed(DataType.FLOAT);
  }

  /** x / max(‖x‖, 10⁻⁶) over axes, as TensorFlow's {@code l2_normalize} has it. */
  String unitLength(String value, long... axes) {
    String squares = sum(node("Mul", value, value), true, axes);
    return node("Div", value, node("Sqrt", node("Max", squares, scalar(1e-12))));
  }

  /** The same steps in the opposite order along an axis. */
  String flipped(String value, long axis) {
    return node(
        "Slice",
        value,
        integers("starts", -1),
        integers("ends", Long.MIN_VALUE),
        integers("axes", axis),
        integers("steps", -1));
  }

  /** Whether any element along the last axis is not zero, as 0 or 1 with that axis kept. */
  String maximumOfLast(String value) {
    return call.append("ReduceMax", Map.of("axes", LAST, "keepdims", new Attribute.Int(1)), value);
  }
}
