package dev.espalier.engine.compress;

import static dev.espalier.contract.ReasonCode.CHECKSUM_MISMATCH;
import static dev.espalier.contract.ReasonCode.DOES_NOT_FIT;

import dev.espalier.contract.Refusal;
import dev.espalier.contract.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Makes the file again that a {@link SparseArchive} holds, byte for byte. */
public final class SparseArchiveReader {
  private static final int DIGEST = 32;

  private SparseArchiveReader() {}

  /**
   * Unpacks an archive. What is written is only complete when this returns.
   *
   * @param target file to create; must not exist; deleted when this fails
   * @param mostBytes largest file to make
   * @return SHA-256 of the file
   * @throws Refusal {@code format-unknown}, {@code format-unsupported-version}, {@code
   *     archive-malformed}, {@code checksum-mismatch} or {@code does-not-fit}
   */
  public static Sha256 unpack(Path archive, Path target, long mostBytes) throws IOException {
    ByteBuffer in = read(archive);
    ByteBuffer checked = in.duplicate();
    ArchiveHeader header = ArchiveHeader.decode(in);
    requireIntact(checked);
    if (header.length() > mostBytes) {
      throw new Refusal(
          DOES_NOT_FIT,
          "the archive holds a file of %,d bytes, most are %,d"
              .formatted(header.length(), mostBytes));
    }
    in.limit(in.capacity() - DIGEST);
    MessageDigest digest = Sha256.newDigest();
    boolean complete = false;
    try (FileChannel out =
        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      copy(in, header, out, digest);
      Sha256 written = Sha256.of(digest);
      if (!written.equals(header.sha256()) || in.hasRemaining()) {
        throw new Refusal(
            CHECKSUM_MISMATCH,
            "the archive unpacks to SHA-256 %s, made was it from %s"
                .formatted(written, header.sha256()));
      }
      complete = true;
      return written;
    } finally {
      if (!complete) {
        Files.deleteIfExists(target);
      }
    }
  }

  private static ByteBuffer read(Path archive) throws IOException {
    try (FileChannel in = FileChannel.open(archive)) {
      if (in.size() > Integer.MAX_VALUE) {
        throw new Refusal(DOES_NOT_FIT, "the archive has more than 2 GiB");
      }
      ByteBuffer bytes = ByteBuffer.allocateDirect((int) in.size());
      while (bytes.hasRemaining() && in.read(bytes) >= 0) {
        // until it is full
      }
      return bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private static void requireIntact(ByteBuffer archive) {
    if (archive.remaining() < DIGEST) {
      throw Section.malformed("it ends early");
    }
    byte[] wanted = new byte[DIGEST];
    archive.get(archive.limit() - DIGEST, wanted);
    MessageDigest digest = Sha256.newDigest();
    digest.update(archive.limit(archive.limit() - DIGEST));
    if (!MessageDigest.isEqual(wanted, digest.digest())) {
      throw new Refusal(
          CHECKSUM_MISMATCH,
          "the sparse archive is not as it was written, it should end in %s: get it again"
              .formatted(HexFormat.of().formatHex(wanted)));
    }
  }

  private static void copy(
      ByteBuffer in, ArchiveHeader header, FileChannel out, MessageDigest digest)
      throws IOException {
    long at = 0;
    for (ElementRange range : header.ranges()) {
      copyPieces(in, at, range.offset(), out, digest);
      ByteBuffer bytes =
          ByteBuffer.allocateDirect((int) range.bytes())
              .order(range.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
      if (range.width() == Integer.BYTES) {
        SparseWords.decode(in, bytes.asIntBuffer());
      } else {
        SparseBytes.decode(in, range.width(), bytes);
      }
      put(bytes, out, digest);
      at = range.end();
    }
    copyPieces(in, at, header.length(), out, digest);
  }

  private static void copyPieces(
      ByteBuffer in, long from, long to, FileChannel out, MessageDigest digest) throws IOException {
    for (long at = from; at < to; at += SparseArchive.PIECE) {
      int length = (int) Math.min(SparseArchive.PIECE, to - at);
      put(ByteBuffer.wrap(Section.read(in, length)), out, digest);
    }
  }

  private static void put(ByteBuffer bytes, FileChannel out, MessageDigest digest)
      throws IOException {
    digest.update(bytes.duplicate());
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
