package dev.espalier.engine.format.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A field of an encoded message, as the <a
 * href="https://protobuf.dev/programming-guides/encoding/">wire format</a> defines it.
 *
 * @param number its number in the schema
 * @param start position of its tag
 * @param body position of its content, behind tag and length
 * @param end position behind it
 */
record WireField(int number, int start, int body, int end) {
  /** Takes fields one by one. */
  interface Visitor {
    void visit(WireField field) throws IOException;
  }

  /** Visits the fields of the message in {@code source} from {@code from} to {@code to}. */
  static void visit(ByteBuffer source, int from, int to, Visitor visitor) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(source.slice(from, to - from));
    while (!in.isAtEnd()) {
      int start = from + in.getTotalBytesRead();
      int tag = in.readTag();
      int body;
      if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        int length = in.readRawVarint32();
        body = from + in.getTotalBytesRead();
        in.skipRawBytes(length);
      } else {
        body = from + in.getTotalBytesRead();
        in.skipField(tag);
      }
      int end = from + in.getTotalBytesRead();
      visitor.visit(new WireField(WireFormat.getTagFieldNumber(tag), start, body, end));
    }
  }

  /** The content. */
  ByteBuffer content(ByteBuffer source) {
    return source.slice(body, end - body);
  }

  /** The content of a string field. */
  String text(ByteBuffer source) {
    return StandardCharsets.UTF_8.decode(content(source)).toString();
  }
}
