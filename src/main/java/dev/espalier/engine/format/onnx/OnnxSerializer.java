package dev.espalier.engine.format.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.onnx.proto.AttributeProto;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.ModelProto;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.format.onnx.proto.OperatorSetIdProto;
import dev.espalier.engine.format.onnx.proto.TensorProto;
import dev.espalier.engine.format.onnx.proto.TensorShapeProto;
import dev.espalier.engine.format.onnx.proto.TypeProto;
import dev.espalier.engine.format.onnx.proto.ValueInfoProto;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeMap;

/** Writes a graph as ONNX, for the inference runtime. The same graph gives the same bytes. */
public final class OnnxSerializer {
  /**
   * Version 4 is the first in which initializers need not be inputs; 8 is read by every runtime
   * since 2022.
   */
  private static final long IR_VERSION = 8;

  /** Room for everything that is not weights, in a message that cannot exceed 2 GiB. */
  private static final long OVERHEAD_BYTES = 64L << 20;

  private OnnxSerializer() {}

  /**
   * An encoded {@code ModelProto}.
   *
   * @throws Refusal when the weights exceed what one ONNX file can hold, 2 GiB
   */
  public static byte[] serialize(Graph graph) {
    return serialize(graph, Set.of());
  }

  /**
   * The same with further values as outputs, whose types the runtime finds itself.
   *
   * @param more names of values that nodes write
   */
  public static byte[] serialize(Graph graph, Set<String> more) {
    long bytes = graph.initializers().values().stream().mapToLong(t -> t.bytes().capacity()).sum();
    if (bytes > Integer.MAX_VALUE - OVERHEAD_BYTES) {
      throw new Refusal(
          ReasonCode.DOES_NOT_FIT,
          "the model's weights have %,d bytes, one ONNX file holds at most 2 GiB".formatted(bytes));
    }
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName("espalier")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(graph.opset()))
        .setGraph(encode(graph, more))
        .build()
        .toByteArray();
  }

  private static GraphProto encode(Graph graph, Set<String> more) {
    GraphProto.Builder proto = GraphProto.newBuilder().setName("main");
    graph.nodes().forEach(node -> proto.addNode(encode(node)));
    graph.initializers().forEach((name, tensor) -> proto.addInitializer(encode(name, tensor)));
    graph.inputs().forEach(input -> proto.addInput(encode(input)));
    graph.outputs().forEach(output -> proto.addOutput(encode(output)));
    Set<String> added = new LinkedHashSet<>(more);
    graph.outputs().forEach(output -> added.remove(output.name()));
    added.forEach(name -> proto.addOutput(ValueInfoProto.newBuilder().setName(name)));
    return proto.build();
  }

  static NodeProto encode(Node node) {
    NodeProto.Builder proto =
        NodeProto.newBuilder()
            .setName(node.name())
            .setOpType(node.operator())
            .addAllInput(node.inputs())
            .addAllOutput(node.outputs());
    new TreeMap<>(node.attributes())
        .forEach((name, attribute) -> proto.addAttribute(encode(name, attribute)));
    return proto.build();
  }

  static AttributeProto encode(String name, Attribute attribute) {
    AttributeProto.Builder proto = AttributeProto.newBuilder().setName(name);
    if (attribute instanceof Attribute.Int value) {
      proto.setType(AttributeDecoder.INT).setI(value.value());
    } else if (attribute instanceof Attribute.Real value) {
      proto.setType(AttributeDecoder.FLOAT).setF(value.value());
    } else if (attribute instanceof Attribute.Text value) {
      proto.setType(AttributeDecoder.STRING).setS(ByteString.copyFromUtf8(value.value()));
    } else if (attribute instanceof Attribute.Ints value) {
      proto.setType(AttributeDecoder.INTS).addAllInts(value.values());
    } else if (attribute instanceof Attribute.Reals value) {
      proto.setType(AttributeDecoder.FLOATS).addAllFloats(value.values());
    } else if (attribute instanceof Attribute.Texts value) {
      proto.setType(AttributeDecoder.STRINGS);
      value.values().forEach(text -> proto.addStrings(ByteString.copyFromUtf8(text)));
    } else if (attribute instanceof Attribute.Value value) {
      proto.setType(AttributeDecoder.TENSOR).setT(encode("", value.tensor()));
    } else if (attribute instanceof Attribute.Opaque value) {
      return decoded(value);
    }
    return proto.build();
  }

  private static AttributeProto decoded(Attribute.Opaque attribute) {
    try {
      return AttributeProto.parseFrom(attribute.encoded().duplicate());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("an opaque attribute does not come from ONNX", e);
    }
  }

  static TensorProto encode(String name, Tensor tensor) {
    TensorProto.Builder proto =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(tensor.type().onnxCode())
            .setRawData(ByteString.copyFrom(tensor.bytes()));
    for (long dimension : tensor.shape()) {
      proto.addDims(dimension);
    }
    return proto.build();
  }

  static ValueInfoProto encode(ValueInfo info) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dimension : info.dimensions()) {
      TensorShapeProto.Dimension.Builder size = shape.addDimBuilder();
      if (dimension != ValueInfo.UNKNOWN) {
        size.setDimValue(dimension);
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(info.name())
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(info.type().onnxCode())
                        .setShape(shape)))
        .build();
  }
}
