package dev.espalier.engine;

import dev.espalier.contract.ModelResult.ArchiveCopy;
import dev.espalier.engine.compress.SparseArchive;
import dev.espalier.engine.compress.WordRange;
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
  private SparseFile() {}

  /**
   * Writes the archive.
   *
   * @param written the file, read back
   */
  static ArchiveCopy write(SourceModel written, Path file) throws IOException {
    List<WordRange> ranges = new ArrayList<>();
    for (PlainWeights weights : written.plainWeights()) {
      ranges.add(
          new WordRange(
              weights.name(),
              weights.offset(),
              weights.elements(),
              weights.order() == ByteOrder.BIG_ENDIAN));
    }
    Path archive = file.resolveSibling(ArchiveCopy.FILE);
    Files.deleteIfExists(archive);
    long bytes = SparseArchive.write(file, ranges, archive);
    return new ArchiveCopy(archive.toUri().toString(), bytes);
  }
}
