package dev.espalier.engine.format.onnx;

import com.google.protobuf.CodedInputStream;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.format.onnx.proto.ValueInfoProto;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a model again with some tensors replaced: walks the encoded file, puts new content where a
 * changed tensor stands, in the field that held the old one, and takes every other field as it is
 * encoded. Where shapes change, what declares them changes too: attributes and declarations as
 * {@link ShapeChanges} says; the shapes of inner values, which are optional, are left out. Where
 * integers take the place of an initializer, {@link IntegerFields} has what is written for it.
 */
final class OnnxRewriter {
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;
  private static final int GRAPH_VALUE_INFO = 13;
  private static final int GRAPH_SPARSE = 15;
  private static final int NODE_ATTRIBUTE = 5;
  private static final int ATTRIBUTE_NAME = 1;
  private static final int ATTRIBUTE_INT = 3;
  private static final int ATTRIBUTE_TENSOR = 5;
  private static final int ATTRIBUTE_SPARSE = 22;
  private static final int SPARSE_VALUES = 1;
  private static final int VALUE_NAME = 1;

  private final ByteBuffer source;
  private final Map<String, Tensor> changed;
  private final ShapeChanges shapes;
  private final IntegerFields integers;
  private final Set<String> written = new HashSet<>();
  private boolean atFirstNode = true;

  /** A field's replacement. */
  private interface Rewrite {
    void rewrite(WireField field, Pieces out) throws IOException;
  }

  /**
   * A rewriter of one file.
   *
   * @param source the file
   * @param changed new tensors by name
   * @param integers what takes the place of some initializers
   */
  OnnxRewriter(
      ByteBuffer source, Map<String, Tensor> changed, ShapeChanges shapes, IntegerFields integers) {
    this.source = source;
    this.changed = changed;
    this.shapes = shapes;
    this.integers = integers;
  }

  /**
   * The new file.
   *
   * @throws IllegalArgumentException when a tensor is not found
   */
  Pieces model() throws IOException {
    WireField file = new WireField(0, 0, 0, source.capacity());
    Pieces model =
        message(
            file,
            (field, out) -> {
              if (field.number() == MODEL_GRAPH) {
                out.message(MODEL_GRAPH, message(field, this::graphField));
              } else {
                out.copy(field.start(), field.end());
              }
            });
    Set<String> missing = new HashSet<>(changed.keySet());
    missing.addAll(integers.names());
    missing.removeAll(written);
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("tensors that cannot be replaced: " + missing);
    }
    return model;
  }

  private Pieces message(WireField outer, Rewrite rewrite) throws IOException {
    Pieces pieces = new Pieces();
    WireField.visit(source, outer.body(), outer.end(), field -> rewrite.rewrite(field, pieces));
    return pieces;
  }

  private void graphField(WireField field, Pieces out) throws IOException {
    switch (field.number()) {
      case GRAPH_INITIALIZER -> initializer(field, out);
      case GRAPH_SPARSE -> sparseInitializer(field, out);
      case GRAPH_NODE -> {
        if (atFirstNode) {
          integers.nodes(GRAPH_NODE, out);
          atFirstNode = false;
        }
        node(field, out);
      }
      case GRAPH_INPUT -> {
        String name = text(field, VALUE_NAME);
        if (integers.replace(name)) {
          integers.declarations(name, GRAPH_INPUT, out);
        } else {
          declaration(field, out);
        }
      }
      case GRAPH_OUTPUT -> declaration(field, out);
      case GRAPH_VALUE_INFO -> {
        if (!shapes.any()) {
          out.copy(field.start(), field.end());
        }
      }
      default -> out.copy(field.start(), field.end());
    }
  }

  private void initializer(WireField field, Pieces out) throws IOException {
    String name = TensorFields.name(source, field);
    if (tookIntegers(name, out)) {
      return;
    }
    Tensor tensor = replacement(name);
    if (tensor == null) {
      out.copy(field.start(), field.end());
    } else {
      out.message(GRAPH_INITIALIZER, tensor(field, tensor, shapes.changed(name)));
    }
  }

  private void sparseInitializer(WireField field, Pieces out) throws IOException {
    String[] name = {""};
    WireField.visit(
        source,
        field.body(),
        field.end(),
        part -> {
          if (part.number() == SPARSE_VALUES) {
            name[0] = TensorFields.name(source, part);
          }
        });
    if (tookIntegers(name[0], out)) {
      return;
    }
    Tensor tensor = replacement(name[0]);
    if (tensor == null) {
      out.copy(field.start(), field.end());
    } else {
      out.bytes(GRAPH_SPARSE, SparseTensors.encode(name[0], tensor));
    }
  }

  private boolean tookIntegers(String name, Pieces out) {
    boolean takes = integers.replace(name);
    if (takes) {
      integers.initializers(name, GRAPH_INITIALIZER, out);
      written.add(name);
    }
    return takes;
  }

  private @Nullable Tensor replacement(String name) {
    Tensor tensor = changed.get(name);
    if (tensor != null) {
      written.add(name);
    }
    return tensor;
  }

  private Pieces tensor(WireField field, Tensor tensor, boolean reshaped) throws IOException {
    TensorFields fields = new TensorFields(tensor, reshaped);
    Pieces pieces = message(field, fields::rewrite);
    fields.finish(pieces);
    return pieces;
  }

  private void node(WireField field, Pieces out) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(field.content(source));
    in.enableAliasing(true);
    NodeProto node = NodeProto.parseFrom(in);
    String output = node.getOutputCount() == 0 ? "" : node.getOutput(0);
    boolean constant = node.getOpType().equals("Constant");
    if (constant && tookIntegers(output, out)) {
      return;
    }
    if (constant && changed.containsKey(output)) {
      out.message(GRAPH_NODE, constant(field, output));
      return;
    }
    ByteBuffer explicit = integers.explicit(node);
    if (explicit.hasRemaining()) {
      out.bytes(GRAPH_NODE, explicit);
      return;
    }
    Map<String, Long> attributes = shapes.attributes(output);
    if (attributes.isEmpty()) {
      out.copy(field.start(), field.end());
    } else {
      out.message(GRAPH_NODE, withAttributes(field, attributes));
    }
  }

  private Pieces constant(WireField node, String name) throws IOException {
    return message(
        node,
        (field, out) -> {
          if (field.number() == NODE_ATTRIBUTE) {
            out.message(NODE_ATTRIBUTE, message(field, (part, o) -> value(part, name, o)));
          } else {
            out.copy(field.start(), field.end());
          }
        });
  }

  private void value(WireField field, String name, Pieces out) throws IOException {
    Tensor tensor = changed.get(name);
    if (tensor != null && field.number() == ATTRIBUTE_TENSOR) {
      out.message(ATTRIBUTE_TENSOR, tensor(field, tensor, shapes.changed(name)));
      written.add(name);
    } else if (tensor != null && field.number() == ATTRIBUTE_SPARSE) {
      out.bytes(ATTRIBUTE_SPARSE, SparseTensors.encode("", tensor));
      written.add(name);
    } else {
      out.copy(field.start(), field.end());
    }
  }

  private Pieces withAttributes(WireField node, Map<String, Long> values) throws IOException {
    return message(
        node,
        (field, out) -> {
          Long value =
              field.number() == NODE_ATTRIBUTE ? values.get(text(field, ATTRIBUTE_NAME)) : null;
          if (value == null) {
            out.copy(field.start(), field.end());
          } else {
            out.message(NODE_ATTRIBUTE, message(field, (part, o) -> integer(part, value, o)));
          }
        });
  }

  private String text(WireField message, int number) throws IOException {
    String[] text = {""};
    WireField.visit(
        source,
        message.body(),
        message.end(),
        part -> text[0] = part.number() == number ? part.text(source) : text[0]);
    return text[0];
  }

  private static void integer(WireField field, long value, Pieces out) {
    if (field.number() == ATTRIBUTE_INT) {
      out.varint(ATTRIBUTE_INT, value);
    } else {
      out.copy(field.start(), field.end());
    }
  }

  private void declaration(WireField field, Pieces out) throws IOException {
    if (shapes.any()) {
      ValueInfoProto info = ValueInfoProto.parseFrom(field.content(source));
      ValueInfoProto updated = shapes.declared(info);
      if (!updated.equals(info)) {
        out.bytes(field.number(), updated.toByteString().asReadOnlyByteBuffer());
        return;
      }
    }
    out.copy(field.start(), field.end());
  }
}
