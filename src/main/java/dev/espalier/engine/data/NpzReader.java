package dev.espalier.engine.data;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.archive.Archive;
import dev.espalier.engine.archive.ArchiveLimits;
import dev.espalier.engine.graph.Tensor;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads named arrays from a {@code .npz} archive: a zip, stored or deflated, of {@code .npy}
 * entries. Only the arrays asked for are inflated. What an array declares is checked against the
 * limits before memory is taken for it, and against what is there while it is read.
 */
public final class NpzReader {
  private static final String SUFFIX = ".npy";

  private final DataLimits limits;

  /** A reader within {@code limits}. */
  public NpzReader(DataLimits limits) {
    this.limits = limits;
  }

  /**
   * The arrays called {@code names}, in that order.
   *
   * @throws Refusal {@code data-malformed} when the archive or an array is broken, {@code
   *     data-mismatch} when an array is missing, {@code does-not-fit} when the arrays exceed the
   *     limits, {@code archive-bomb} when they inflate suspiciously
   * @throws IOException when the file cannot be read
   */
  public Map<String, Tensor> read(Path file, Collection<String> names) throws IOException {
    try (Archive archive = open(file)) {
      Map<String, Tensor> arrays = new LinkedHashMap<>();
      long left = limits.bytes();
      for (String name : names) {
        if (!archive.has(name + SUFFIX)) {
          throw new Refusal(
              ReasonCode.DATA_MISMATCH,
              "the data have no array '" + name + "'; they have " + archive.names());
        }
        Tensor array = array(archive, name, left);
        left -= array.bytes().capacity();
        arrays.put(name, array);
      }
      return arrays;
    } catch (EOFException e) {
      throw new Refusal(
          ReasonCode.DATA_MALFORMED, "the data are not a readable .npz: " + e.getMessage(), e);
    } catch (Refusal e) {
      throw e.reason().code() == ReasonCode.ARCHIVE_MALFORMED
          ? new Refusal(
              ReasonCode.DATA_MALFORMED,
              "the data are not a readable .npz: " + e.reason().message(),
              e)
          : e;
    }
  }

  /** Names are only ever compared, so any will do. */
  private Archive open(Path file) throws IOException {
    return Archive.open(
        file,
        name -> true,
        "arrays",
        new ArchiveLimits(
            limits.entries(), Long.MAX_VALUE, limits.ratio(), Long.MAX_VALUE, 0, true));
  }

  private Tensor array(Archive archive, String name, long left) throws IOException {
    try (InputStream in = new BufferedInputStream(archive.stream(name + SUFFIX))) {
      NpyHeader header = NpyHeader.read(in, name);
      long bytes = header.elementBytes(name);
      long archived = archive.compressedBytes(name + SUFFIX);
      if (bytes > limits.ratioFrom() && bytes / limits.ratio() > archived) {
        throw new Refusal(
            ReasonCode.ARCHIVE_BOMB,
            "array '%s' inflates %d bytes to %d, more than %d to 1"
                .formatted(name, archived, bytes, limits.ratio()));
      }
      if (bytes > left || bytes > Integer.MAX_VALUE - Long.BYTES * 8L) {
        throw new Refusal(
            ReasonCode.DOES_NOT_FIT,
            "array '%s' takes %d bytes and %d are left; use fewer samples or uint8"
                .formatted(name, bytes, Math.min(left, Integer.MAX_VALUE)));
      }
      return NpyReader.read(in, header, name);
    }
  }
}
