package dev.espalier.engine.format.onnx;

import com.google.protobuf.ByteString;
import dev.espalier.engine.format.onnx.proto.AttributeProto;
import dev.espalier.engine.graph.Attribute;

/** Decodes node attributes; what we have no type for, such as a subgraph, stays encoded. */
final class AttributeDecoder {
  // AttributeProto.AttributeType of the ONNX specification.
  static final int FLOAT = 1;
  static final int INT = 2;
  static final int STRING = 3;
  static final int TENSOR = 4;
  static final int FLOATS = 6;
  static final int INTS = 7;
  static final int STRINGS = 8;

  private final TensorDecoder tensors;

  AttributeDecoder(TensorDecoder tensors) {
    this.tensors = tensors;
  }

  /**
   * Decodes an attribute.
   *
   * @param where the node, for messages
   */
  Attribute decode(AttributeProto proto, String where) {
    return switch (proto.getType()) {
      case FLOAT -> new Attribute.Real(proto.getF());
      case INT -> new Attribute.Int(proto.getI());
      case STRING -> proto.getS().isValidUtf8() ? text(proto) : opaque(proto);
      case TENSOR ->
          new Attribute.Value(
              tensors.decode(proto.getT(), "attribute '" + proto.getName() + "' of " + where));
      case FLOATS -> new Attribute.Reals(proto.getFloatsList());
      case INTS -> new Attribute.Ints(proto.getIntsList());
      case STRINGS ->
          proto.getStringsList().stream().allMatch(ByteString::isValidUtf8)
              ? texts(proto)
              : opaque(proto);
      default -> opaque(proto);
    };
  }

  private static Attribute text(AttributeProto proto) {
    return new Attribute.Text(proto.getS().toStringUtf8());
  }

  private static Attribute texts(AttributeProto proto) {
    return new Attribute.Texts(
        proto.getStringsList().stream().map(ByteString::toStringUtf8).toList());
  }

  private static Attribute opaque(AttributeProto proto) {
    return new Attribute.Opaque(proto.toByteString().asReadOnlyByteBuffer());
  }
}
