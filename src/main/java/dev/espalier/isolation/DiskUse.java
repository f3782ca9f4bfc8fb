package dev.espalier.isolation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** What a directory takes of the disk, and whether the disk takes more. */
final class DiskUse {
  private static final int PROBE_BYTES = 1 << 16;

  private DiskUse() {}

  /** Bytes of the files below a directory; links are not followed. */
  static long below(Path directory) {
    Sum sum = new Sum();
    try {
      Files.walkFileTree(directory, sum);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sum.bytes;
  }

  /**
   * Whether a file can be written there now. Asked when an engine ended badly: only the disk itself
   * tells, whatever a process that has read a stranger's model may say.
   */
  static boolean takesWrites(Path directory) {
    Path probe = directory.resolve(".probe");
    try {
      Files.write(probe, new byte[PROBE_BYTES]);
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      deleteQuietly(probe);
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The directory is deleted as a whole later on.
    }
  }

  /** Files come and go while they are counted. */
  private static final class Sum extends SimpleFileVisitor<Path> {
    private long bytes;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      bytes += attributes.size();
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(
        Path directory, @org.jspecify.annotations.Nullable IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }
}
