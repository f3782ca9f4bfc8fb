package dev.espalier.engine.data;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.archive.Archive;
import dev.espalier.engine.archive.ArchiveLimits;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Reads named arrays from a {@code .npz} archive: a zip, stored or deflated, of {@code .npy}
 * entries. Only the arrays asked for are read, each once in full, which checks its CRC. Small ones
 * stay in memory. Of others, the rows are read by position when they are wanted: where they lie in
 * the archive, or, deflated or with the first axis fastest, from a scratch file.
 */
final class NpzReader implements AutoCloseable {
  private static final String SUFFIX = ".npy";

  private final Archive archive;
  private final FileChannel file;
  private final DataLimits limits;
  private final Scratch scratch;
  private long memoryLeft;

  private NpzReader(Archive archive, FileChannel file, DataLimits limits) {
    this.archive = archive;
    this.file = file;
    this.limits = limits;
    this.scratch = new Scratch(limits.scratch(), limits.scratchBytes());
    this.memoryLeft = limits.bytes();
  }

  /**
   * Opens an archive.
   *
   * @throws Refusal {@code data-malformed} when it is broken
   * @throws IOException when the file cannot be read
   */
  static NpzReader open(Path file, DataLimits limits) throws IOException {
    Archive archive = archive(file, limits);
    try {
      return new NpzReader(archive, FileChannel.open(file), limits);
    } catch (IOException e) {
      archive.close();
      throw e;
    }
  }

  /** Names are only ever compared, so any will do. */
  private static Archive archive(Path file, DataLimits limits) throws IOException {
    try {
      return Archive.open(
          file,
          name -> true,
          "arrays",
          new ArchiveLimits(
              limits.entries(), Long.MAX_VALUE, limits.ratio(), Long.MAX_VALUE, 0, true));
    } catch (Refusal e) {
      throw ofData(e);
    }
  }

  /** Whether there is an array of that name. */
  boolean has(String name) {
    return archive.has(name + SUFFIX);
  }

  /**
   * The array called {@code name}, which stays readable until this reader is closed.
   *
   * @param purpose what it is for, for the message when it is missing
   * @throws Refusal {@code data-malformed} when the array is broken, {@code data-mismatch} when it
   *     is missing, {@code does-not-fit} when it exceeds the limits, {@code archive-bomb} when it
   *     inflates suspiciously
   */
  Rows rows(String name, String purpose) throws IOException {
    if (!has(name)) {
      throw new Refusal(
          ReasonCode.DATA_MISMATCH,
          "the data have no array '%s' %s; they have %s"
              .formatted(name, purpose, archive.names().stream().sorted().toList()));
    }
    try (InputStream in = new BufferedInputStream(archive.stream(name + SUFFIX), 1 << 16)) {
      NpyHeader header = NpyHeader.read(in, name);
      requireRows(header, name);
      return rows(in, new StoredArray(name, header), header.elementBytes(name));
    } catch (EOFException e) {
      throw unreadable(String.valueOf(e.getMessage()), e);
    } catch (Refusal e) {
      throw ofData(e);
    }
  }

  private static void requireRows(NpyHeader header, String name) {
    if (header.shape().isEmpty() || header.shape().get(0) > Integer.MAX_VALUE) {
      throw new Refusal(
          ReasonCode.DATA_MISMATCH,
          "array '%s' has shape %s; the first axis must be that of the samples"
              .formatted(name, header.shape()));
    }
    if (header.rowBytes(name) > StoredArray.LARGEST) {
      throw new Refusal(
          ReasonCode.DOES_NOT_FIT,
          "array '%s' has rows of %,d bytes".formatted(name, header.rowBytes(name)));
    }
  }

  private Rows rows(InputStream in, StoredArray array, long bytes) throws IOException {
    String name = array.name() + SUFFIX;
    long archived = archive.compressedBytes(name);
    if (bytes > limits.ratioFrom() && bytes / limits.ratio() > archived) {
      throw new Refusal(
          ReasonCode.ARCHIVE_BOMB,
          "array '%s' inflates %d bytes to %d, more than %d to 1"
              .formatted(array.name(), archived, bytes, limits.ratio()));
    }
    long header = archive.inflatedBytes(name) - bytes;
    if (header < 0) {
      throw NpyHeader.malformed(array.name(), "it is " + -header + " bytes too short");
    }
    if (bytes <= Math.min(memoryLeft, StoredArray.LARGEST)) {
      memoryLeft -= bytes;
      return array.toMemory(in);
    }
    OptionalLong stored = archive.storedAt(name);
    if (stored.isPresent()) {
      array.skip(in);
      return array.fromFile(file, stored.getAsLong() + header, scratch);
    }
    FileChannel inflated = scratch.file(bytes, array.name());
    array.toFile(in, inflated);
    return array.fromFile(inflated, 0, scratch);
  }

  /** What is wrong with an archive is wrong with the data. */
  private static Refusal ofData(Refusal e) {
    return e.reason().code() == ReasonCode.ARCHIVE_MALFORMED
        ? unreadable(e.reason().message(), e)
        : e;
  }

  private static Refusal unreadable(String what, Exception cause) {
    return new Refusal(
        ReasonCode.DATA_MALFORMED, "the data are not a readable .npz: " + what, cause);
  }

  @Override
  public void close() throws IOException {
    try (archive;
        file;
        scratch) {
      // All three are closed, whichever fails.
    }
  }
}
