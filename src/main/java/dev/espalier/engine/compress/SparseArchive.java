package dev.espalier.engine.compress;

import dev.espalier.contract.Sha256;
import dev.espalier.engine.compress.Section.Chunks;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;

/**
 * Writes {@code model.sparse}: a model file whose tensors are stored without their zeros, from
 * which {@link SparseArchiveReader} makes the very same file.
 *
 * <p>Layout, version 2, little-endian: the ASCII bytes {@code espalier}; version (u32); length of
 * the file (u64); its SHA-256; length of the table of ranges (u32) and the table as a {@link
 * Section section}: their number (u32) and of each, ascending, offset (u64), elements (u32), bytes
 * of an element (u32), byte order (u32; 1 for big-endian), length of its name (u32), name in UTF-8.
 * Then the file from its first byte to its last: the bytes between ranges as sections of at most
 * {@value #PIECE} bytes; each range as {@link SparseWords} where its elements have four bytes, else
 * as {@link SparseBytes}. Last the SHA-256 of everything before.
 */
public final class SparseArchive {
  static final byte[] MAGIC = {'e', 's', 'p', 'a', 'l', 'i', 'e', 'r'};
  static final int VERSION = 2;
  static final int PIECE = 1 << 24;

  private SparseArchive() {}

  /**
   * Writes an archive.
   *
   * @param file the model; not changed meanwhile
   * @param ranges its sparse tensors, in any order, none overlapping another
   * @param target file to create; must not exist
   * @return size of the archive in bytes
   */
  public static long write(Path file, List<ElementRange> ranges, Path target) throws IOException {
    List<ElementRange> ascending =
        ranges.stream().sorted(Comparator.comparingLong(ElementRange::offset)).toList();
    MessageDigest whole = Sha256.newDigest();
    try (FileChannel in = FileChannel.open(file);
        OutputStream plain = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW);
        DigestOutputStream out = new DigestOutputStream(plain, Sha256.newDigest())) {
      ArchiveHeader header = new ArchiveHeader(in.size(), Sha256.of(digest(in, whole)), ascending);
      header.requireSound();
      flush(header.encode(), out);
      long at = 0;
      for (ElementRange range : ascending) {
        writePieces(in, at, range.offset(), out);
        Chunks chunks = new Chunks();
        encode(read(in, range), range, chunks);
        flush(chunks, out);
        at = range.end();
      }
      writePieces(in, at, header.length(), out);
      out.on(false);
      out.write(out.getMessageDigest().digest());
    }
    return Files.size(target);
  }

  private static void encode(ByteBuffer bytes, ElementRange range, Chunks out) {
    if (range.width() == Integer.BYTES) {
      SparseWords.encode(bytes.asIntBuffer(), range.shape(), out);
    } else {
      SparseBytes.encode(bytes, range.width(), out);
    }
  }

  private static MessageDigest digest(FileChannel in, MessageDigest digest) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 20);
    for (long at = 0; at < in.size(); at += chunk.limit()) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), in.size() - at));
      readFully(in, chunk, at);
      digest.update(chunk.flip());
    }
    return digest;
  }

  private static void writePieces(FileChannel in, long from, long to, OutputStream out)
      throws IOException {
    for (long at = from; at < to; at += PIECE) {
      int length = (int) Math.min(PIECE, to - at);
      byte[] piece = new byte[length];
      readFully(in, ByteBuffer.wrap(piece), at);
      Chunks chunks = new Chunks();
      Section.write(piece, length, chunks);
      flush(chunks, out);
    }
  }

  private static ByteBuffer read(FileChannel in, ElementRange range) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(Math.toIntExact(range.bytes()));
    readFully(in, bytes, range.offset());
    return bytes.flip().order(range.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }

  private static void readFully(FileChannel in, ByteBuffer into, long from) throws IOException {
    long at = from;
    while (into.hasRemaining()) {
      int count = in.read(into, at);
      if (count < 0) {
        throw new EOFException("the file ended at byte " + at);
      }
      at += count;
    }
  }

  private static void flush(Chunks chunks, OutputStream out) throws IOException {
    out.write(chunks.toBytes());
  }
}
