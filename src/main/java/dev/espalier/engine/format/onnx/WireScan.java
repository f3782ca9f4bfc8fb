package dev.espalier.engine.format.onnx;

import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pass over an encoded model that allocates nothing for its content: it enforces the limits
 * before protobuf builds an object per part, and notes where in the file the elements of each
 * tensor of the main graph stand. Recursive descent over the wire format, with field numbers of the
 * ONNX schema.
 */
final class WireScan {
  private static final int DELIMITED = WireFormat.WIRETYPE_LENGTH_DELIMITED;
  private static final int MODEL_GRAPH = 7 << 3 | DELIMITED;
  private static final int GRAPH_NODE = 1 << 3 | DELIMITED;
  private static final int GRAPH_INITIALIZER = 5 << 3 | DELIMITED;
  private static final int GRAPH_INPUT = 11 << 3 | DELIMITED;
  private static final int GRAPH_OUTPUT = 12 << 3 | DELIMITED;
  private static final int GRAPH_SPARSE = 15 << 3 | DELIMITED;
  private static final int NODE_OUTPUT = 2 << 3 | DELIMITED;
  private static final int NODE_ATTRIBUTE = 5 << 3 | DELIMITED;
  private static final int ATTRIBUTE_TENSOR = 5 << 3 | DELIMITED;
  private static final int ATTRIBUTE_TENSORS = 10 << 3 | DELIMITED;
  private static final int ATTRIBUTE_GRAPH = 6 << 3 | DELIMITED;
  private static final int ATTRIBUTE_GRAPHS = 11 << 3 | DELIMITED;
  private static final int ATTRIBUTE_INTS = 8 << 3 | DELIMITED;
  private static final int ATTRIBUTE_SPARSE = 22 << 3 | DELIMITED;
  private static final int ATTRIBUTE_SPARSES = 23 << 3 | DELIMITED;
  private static final int TENSOR_DIMENSIONS = 1 << 3 | DELIMITED;
  private static final int TENSOR_EXTERNAL = 13 << 3 | DELIMITED;
  private static final int TENSOR_NAME = 8 << 3 | DELIMITED;
  private static final int TENSOR_RAW = 9 << 3 | DELIMITED;
  private static final int TENSOR_FLOATS = 4 << 3 | DELIMITED;
  private static final int TENSOR_FLOAT = 4 << 3 | WireFormat.WIRETYPE_FIXED32;
  private static final int TENSOR_INTS = 5 << 3 | DELIMITED;
  private static final int TENSOR_LONGS = 7 << 3 | DELIMITED;

  /** A message body: reads from the stream until its end. */
  private interface Body<T> {
    T read() throws IOException;
  }

  /** A tensor's name and the places of its elements. */
  private record Place(String name, List<ByteRange> ranges) {}

  private final CodedInputStream in;
  private final FormatLimits limits;
  private final Map<String, List<ByteRange>> places = new LinkedHashMap<>();
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
   * @return the places of the float elements, by initializer name or output name of the constant
   * @throws IOException when the bytes are not protobuf, or not of the schema
   * @throws Refusal when a limit is exceeded
   */
  static Map<String, List<ByteRange>> scan(CodedInputStream in, FormatLimits limits)
      throws IOException {
    WireScan scan = new WireScan(in, limits);
    scan.model();
    return scan.places;
  }

  private void model() throws IOException {
    boolean seen = false;
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag != MODEL_GRAPH) {
        skip(tag);
      } else if (seen) {
        throw new InvalidProtocolBufferException("more than one graph");
      } else {
        seen = true;
        nested(() -> graph(0));
      }
    }
  }

  private @Nullable Void graph(int depth) throws IOException {
    require(depth <= limits.depth(), "graphs nested deeper than " + limits.depth());
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag == GRAPH_NODE) {
        require(++nodes <= limits.nodes(), "more than " + limits.nodes() + " nodes");
        nested(() -> node(depth));
      } else if (tag == GRAPH_INITIALIZER) {
        Place place = nested(this::tensor);
        if (depth == 0) {
          places.putIfAbsent(place.name(), place.ranges());
        }
      } else if (tag == GRAPH_INPUT || tag == GRAPH_OUTPUT || tag == GRAPH_SPARSE) {
        skipCounted();
      } else {
        skip(tag);
      }
    }
    return null;
  }

  private @Nullable Void node(int depth) throws IOException {
    String output = null;
    Place value = null;
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag == NODE_ATTRIBUTE) {
        Place found = nested(() -> attribute(depth));
        value = found == null ? value : found;
      } else if (tag == NODE_OUTPUT && output == null) {
        output = in.readString();
      } else {
        skip(tag);
      }
    }
    if (depth == 0 && output != null && value != null) {
      places.putIfAbsent(output, value.ranges());
    }
    return null;
  }

  private @Nullable Place attribute(int depth) throws IOException {
    Place value = null;
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag == ATTRIBUTE_TENSOR || tag == ATTRIBUTE_TENSORS) {
        value = nested(this::tensor);
      } else if (tag == ATTRIBUTE_GRAPH || tag == ATTRIBUTE_GRAPHS) {
        nested(() -> graph(depth + 1));
      } else if (tag == ATTRIBUTE_INTS || tag == ATTRIBUTE_SPARSE || tag == ATTRIBUTE_SPARSES) {
        skipCounted();
      } else {
        skip(tag);
      }
    }
    return value;
  }

  private Place tensor() throws IOException {
    require(++tensors <= limits.tensors(), "more than " + limits.tensors() + " tensors");
    String name = "";
    List<ByteRange> ranges = new ArrayList<>(1);
    boolean raw = false;
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag == TENSOR_NAME) {
        name = in.readString();
      } else if (tag == TENSOR_RAW || tag == TENSOR_FLOATS) {
        if (raw) {
          throw new InvalidProtocolBufferException("tensor '" + name + "' holds its data twice");
        }
        raw = tag == TENSOR_RAW;
        int length = in.readRawVarint32();
        ranges.add(new ByteRange(in.getTotalBytesRead(), length));
        in.skipRawBytes(length);
      } else if (tag == TENSOR_FLOAT) {
        ranges.add(new ByteRange(in.getTotalBytesRead(), Float.BYTES));
        in.skipRawBytes(Float.BYTES);
      } else if (tag == TENSOR_INTS
          || tag == TENSOR_LONGS
          || tag == TENSOR_DIMENSIONS
          || tag == TENSOR_EXTERNAL) {
        skipCounted();
      } else {
        skip(tag);
      }
    }
    return new Place(name, ranges);
  }

  /**
   * Packed varints and small messages take many times their encoded size on the heap: each of their
   * bytes counts as a field.
   */
  private void skipCounted() throws IOException {
    int length = in.readRawVarint32();
    count(length);
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

  private <T extends @Nullable Object> T nested(Body<T> body) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    T read = body.read();
    in.checkLastTagWas(0);
    in.popLimit(outer);
    return read;
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new Refusal(GRAPH_TOO_LARGE, "the ONNX file has " + what + ", which is the limit");
    }
  }
}
