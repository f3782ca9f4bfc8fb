package dev.espalier.engine.format.onnx;

import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import java.io.IOException;
import java.util.Set;

/**
 * One pass over an encoded model that allocates nothing for its content: it enforces the limits
 * before protobuf builds an object per part. Recursive descent over the wire format, with field
 * numbers of the ONNX schema.
 */
final class WireScan {
  private static final int DELIMITED = WireFormat.WIRETYPE_LENGTH_DELIMITED;
  private static final int MODEL_GRAPH = 7 << 3 | DELIMITED;
  private static final int MODEL_FUNCTION = 25 << 3 | DELIMITED;
  private static final int FUNCTION_NODE = 7 << 3 | DELIMITED;
  private static final int FUNCTION_ATTRIBUTE = 11 << 3 | DELIMITED;
  private static final int GRAPH_NODE = 1 << 3 | DELIMITED;
  private static final int GRAPH_INITIALIZER = 5 << 3 | DELIMITED;
  private static final int GRAPH_INPUT = 11 << 3 | DELIMITED;
  private static final int GRAPH_OUTPUT = 12 << 3 | DELIMITED;
  private static final int GRAPH_SPARSE = 15 << 3 | DELIMITED;
  private static final int NODE_ATTRIBUTE = 5 << 3 | DELIMITED;
  private static final int ATTRIBUTE_TENSOR = 5 << 3 | DELIMITED;
  private static final int ATTRIBUTE_TENSORS = 10 << 3 | DELIMITED;
  private static final int ATTRIBUTE_GRAPH = 6 << 3 | DELIMITED;
  private static final int ATTRIBUTE_GRAPHS = 11 << 3 | DELIMITED;
  private static final int ATTRIBUTE_INTS = 8 << 3 | DELIMITED;
  private static final int ATTRIBUTE_SPARSE = 22 << 3 | DELIMITED;
  private static final int ATTRIBUTE_SPARSES = 23 << 3 | DELIMITED;
  private static final int SPARSE_VALUES = 1 << 3 | DELIMITED;
  private static final int SPARSE_INDICES = 2 << 3 | DELIMITED;
  private static final int SPARSE_DIMENSIONS = 3 << 3 | DELIMITED;
  private static final int TENSOR_DIMENSIONS = 1 << 3 | DELIMITED;
  private static final int TENSOR_EXTERNAL = 13 << 3 | DELIMITED;
  private static final Set<Integer> TENSOR_VARINTS =
      Set.of(5 << 3 | DELIMITED, 7 << 3 | DELIMITED, 11 << 3 | DELIMITED);
  private static final Set<Integer> TENSOR_REALS = Set.of(4 << 3 | DELIMITED, 10 << 3 | DELIMITED);

  /** Bytes of packed numbers that take about as much heap as a field, for varints and for reals. */
  private static final int PACKED_VARINTS = 8;

  private static final int PACKED_REALS = 64;

  /** A message body: reads from the stream until its end. */
  private interface Body {
    void read() throws IOException;
  }

  private final CodedInputStream in;
  private final FormatLimits limits;
  private int nodes;
  private int tensors;
  private long fields;

  private WireScan(CodedInputStream in, FormatLimits limits) {
    this.in = in;
    this.limits = limits;
  }

  /**
   * Scans an encoded {@code ModelProto}.
   *
   * @throws IOException when the bytes are not protobuf, or not of the schema
   * @throws Refusal when a limit is exceeded
   */
  static void scan(CodedInputStream in, FormatLimits limits) throws IOException {
    new WireScan(in, limits).model();
  }

  private void model() throws IOException {
    boolean seen = false;
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag == MODEL_FUNCTION) {
        nested(this::function);
      } else if (tag != MODEL_GRAPH) {
        skip(tag);
      } else if (seen) {
        throw new InvalidProtocolBufferException("more than one graph");
      } else {
        seen = true;
        nested(() -> graph(0));
      }
    }
  }

  private void function() throws IOException {
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag == FUNCTION_NODE) {
        countNode();
        nested(() -> node(0));
      } else if (tag == FUNCTION_ATTRIBUTE) {
        nested(() -> attribute(0));
      } else {
        skip(tag);
      }
    }
  }

  private void countNode() {
    require(++nodes <= limits.nodes(), "more than " + limits.nodes() + " nodes");
  }

  private void graph(int depth) throws IOException {
    require(depth <= limits.depth(), "graphs nested deeper than " + limits.depth());
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag == GRAPH_NODE) {
        countNode();
        nested(() -> node(depth));
      } else if (tag == GRAPH_INITIALIZER) {
        nested(this::tensor);
      } else if (tag == GRAPH_SPARSE) {
        nested(this::sparse);
      } else if (tag == GRAPH_INPUT || tag == GRAPH_OUTPUT) {
        skipCounted(1);
      } else {
        skip(tag);
      }
    }
  }

  private void node(int depth) throws IOException {
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag == NODE_ATTRIBUTE) {
        nested(() -> attribute(depth));
      } else {
        skip(tag);
      }
    }
  }

  private void attribute(int depth) throws IOException {
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag == ATTRIBUTE_TENSOR || tag == ATTRIBUTE_TENSORS) {
        nested(this::tensor);
      } else if (tag == ATTRIBUTE_GRAPH || tag == ATTRIBUTE_GRAPHS) {
        nested(() -> graph(depth + 1));
      } else if (tag == ATTRIBUTE_SPARSE || tag == ATTRIBUTE_SPARSES) {
        nested(this::sparse);
      } else if (tag == ATTRIBUTE_INTS) {
        skipCounted(1);
      } else {
        skip(tag);
      }
    }
  }

  private void sparse() throws IOException {
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag == SPARSE_VALUES || tag == SPARSE_INDICES) {
        nested(this::tensor);
      } else if (tag == SPARSE_DIMENSIONS) {
        skipCounted(1);
      } else {
        skip(tag);
      }
    }
  }

  private void tensor() throws IOException {
    require(++tensors <= limits.tensors(), "more than " + limits.tensors() + " tensors");
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag == TENSOR_DIMENSIONS || tag == TENSOR_EXTERNAL) {
        skipCounted(1);
      } else if (TENSOR_VARINTS.contains(tag)) {
        skipCounted(PACKED_VARINTS);
      } else if (TENSOR_REALS.contains(tag)) {
        skipCounted(PACKED_REALS);
      } else {
        skip(tag);
      }
    }
  }

  /**
   * Skips packed numbers or small messages, which take many times their encoded size on the heap.
   *
   * @param unit bytes that count as a field
   */
  private void skipCounted(int unit) throws IOException {
    int length = in.readRawVarint32();
    count(length / unit);
    in.skipRawBytes(length);
  }

  private int tag() throws IOException {
    count(1);
    return in.readTag();
  }

  private void count(int more) {
    fields += more;
    require(fields <= limits.fields(), "more than " + limits.fields() + " fields");
  }

  private void skip(int tag) throws IOException {
    if (!in.skipField(tag)) {
      throw new InvalidProtocolBufferException("group end without start");
    }
  }

  private void nested(Body body) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    body.read();
    in.checkLastTagWas(0);
    in.popLimit(outer);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new Refusal(GRAPH_TOO_LARGE, "the ONNX file has " + what + ", which is the limit");
    }
  }
}
