package dev.espalier.engine.format.onnx;

import dev.espalier.engine.format.onnx.proto.AttributeProto;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.util.Optional;

/** The tensors that {@code Constant} nodes stand for. */
final class ConstantNodes {
  private ConstantNodes() {}

  /** The node's tensor, or empty when it holds something else, such as strings. */
  static Optional<Tensor> value(NodeProto node, TensorDecoder tensors, SparseTensors sparse) {
    if (node.getAttributeCount() != 1 || node.getOutputCount() != 1) {
      return Optional.empty();
    }
    AttributeProto attribute = node.getAttribute(0);
    return switch (attribute.getName()) {
      case "value" -> Optional.of(tensors.decode(attribute.getT(), GraphChecks.describe(node)));
      case "sparse_value" ->
          Optional.of(sparse.decode(attribute.getSparseTensor(), GraphChecks.describe(node)));
      case "value_float" -> Optional.of(floats(attribute));
      case "value_floats" -> Optional.of(floats(attribute, attribute.getFloatsCount()));
      case "value_int" -> Optional.of(Tensor.of(new long[] {attribute.getI()}));
      case "value_ints" ->
          Optional.of(
              Tensor.of(
                  attribute.getIntsList().stream().mapToLong(Long::longValue).toArray(),
                  attribute.getIntsCount()));
      default -> Optional.empty();
    };
  }

  private static Tensor floats(AttributeProto attribute, long... shape) {
    Tensor tensor = Tensor.zeros(DataType.FLOAT, shape);
    if (shape.length == 0) {
      tensor.floats().put(attribute.getF());
    } else {
      attribute.getFloatsList().forEach(tensor.bytes()::putFloat);
    }
    return tensor;
  }
}
