package dev.espalier.engine;

import dev.espalier.contract.FileCopy;
import dev.espalier.contract.Sha256;
import dev.espalier.engine.compress.ElementRange;
import dev.espalier.engine.compress.SparseArchive;
import dev.espalier.engine.compress.SparseArchiveReader;
import dev.espalier.engine.format.PlainWeights;
import dev.espalier.engine.format.SourceModel;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The pruned model's file as a sparse archive beside it. */
final class SparseFile {
  /** What has fewer elements is stored in fewer bytes with what lies around it. */
  private static final int FEWEST = 128;

  private SparseFile() {}

  /**
   * Writes the archive, and unpacks it again.
   *
   * @param written the file, read back
   * @throws IllegalStateException when it does not unpack to the same file
   */
  static FileCopy write(SourceModel written, Path file) throws IOException {
    List<ElementRange> ranges = new ArrayList<>();
    for (PlainWeights weights : written.plainWeights()) {
      if (weights.elements() >= FEWEST) {
        ranges.add(
            new ElementRange(
                weights.name(),
                weights.offset(),
                weights.type().bytes(),
                weights.order() == ByteOrder.BIG_ENDIAN,
                weights.shape()));
      }
    }
    Path archive = file.resolveSibling(FileCopy.ARCHIVE);
    Files.deleteIfExists(archive);
    long bytes = SparseArchive.write(file, ranges, archive);
    Path again = file.resolveSibling("unpacked.partial");
    Files.deleteIfExists(again);
    Sha256 unpacked = SparseArchiveReader.unpack(archive, again, Files.size(file));
    Files.delete(again);
    if (!unpacked.equals(Digests.sha256(file))) {
      throw new IllegalStateException("self-check: the sparse archive unpacks to another file");
    }
    return new FileCopy(archive.toUri().toString(), Digests.sha256(archive), bytes);
  }
}
