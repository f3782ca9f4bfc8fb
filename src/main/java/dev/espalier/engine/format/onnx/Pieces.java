package dev.espalier.engine.format.onnx;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/** A message in the making: runs of the file it comes from, and new bytes between them. */
final class Pieces {
  private record Piece(long from, long to, ByteBuffer bytes) {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    static Piece copied(long from, long to) {
      return new Piece(from, to, NONE);
    }

    static Piece fresh(ByteBuffer bytes) {
      return new Piece(0, 0, bytes);
    }
  }

  private final List<Piece> pieces = new ArrayList<>();
  private long length;

  /** Adds a run of the file. */
  void copy(long from, long to) {
    Piece last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
    if (last != null && last.bytes().remaining() == 0 && last.to() == from) {
      pieces.set(pieces.size() - 1, Piece.copied(last.from(), to));
    } else {
      pieces.add(Piece.copied(from, to));
    }
    length += to - from;
  }

  /** Adds a field that is a varint. */
  void varint(int field, long value) {
    add(field, WireFormat.WIRETYPE_VARINT, value);
  }

  /** Adds a field that holds bytes. */
  void bytes(int field, ByteBuffer bytes) {
    add(field, WireFormat.WIRETYPE_LENGTH_DELIMITED, bytes.remaining());
    pieces.add(Piece.fresh(bytes));
    length += bytes.remaining();
  }

  /** Adds a field that holds a message. */
  void message(int field, Pieces message) {
    add(field, WireFormat.WIRETYPE_LENGTH_DELIMITED, message.length);
    pieces.addAll(message.pieces);
    length += message.length;
  }

  private void add(int field, int wireType, long value) {
    byte[] encoded =
        new byte
            [CodedOutputStream.computeTagSize(field)
                + CodedOutputStream.computeInt64SizeNoTag(value)];
    CodedOutputStream out = CodedOutputStream.newInstance(encoded);
    try {
      out.writeTag(field, wireType);
      out.writeUInt64NoTag(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pieces.add(Piece.fresh(ByteBuffer.wrap(encoded)));
    length += encoded.length;
  }

  /** Writes the message; runs are taken from {@code source}. */
  void writeTo(FileChannel target, FileChannel source) throws IOException {
    for (Piece piece : pieces) {
      long at = piece.from();
      while (at < piece.to()) {
        at += source.transferTo(at, piece.to() - at, target);
      }
      ByteBuffer bytes = piece.bytes().duplicate();
      while (bytes.hasRemaining()) {
        target.write(bytes);
      }
    }
  }
}
