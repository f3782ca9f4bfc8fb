package dev.espalier.engine.data;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Files for arrays that do not fit in memory. Each loses its name as soon as it is open, so that
 * the space is free again when the process ends, however it ends.
 */
final class Scratch implements AutoCloseable {
  private final Path directory;
  private final List<FileChannel> files = new ArrayList<>();
  private long left;

  /**
   * Space in a directory.
   *
   * @param bytes most bytes all files may take together
   */
  Scratch(Path directory, long bytes) {
    this.directory = directory;
    this.left = bytes;
  }

  /**
   * An empty file that may grow to {@code bytes}.
   *
   * @param array for messages
   * @throws Refusal {@code does-not-fit} when there is not so much space
   */
  FileChannel file(long bytes, String array) throws IOException {
    long usable = Files.getFileStore(directory).getUsableSpace();
    if (bytes > left || bytes > usable / 2) {
      throw new Refusal(
          ReasonCode.DOES_NOT_FIT,
          ("array '%s' takes %,d bytes, more than fits in memory; of scratch space %,d bytes may be"
                  + " used: use fewer samples or uint8, or store the array uncompressed (np.savez)")
              .formatted(array, bytes, Math.min(left, usable / 2)));
    }
    left -= bytes;
    Path path = Files.createTempFile(directory, "array", null);
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    files.add(file);
    Files.delete(path);
    return file;
  }

  /** Fills {@code bytes} from a file, from {@code position} on. */
  static void readFully(FileChannel file, long position, ByteBuffer bytes) throws IOException {
    for (long at = position; bytes.hasRemaining(); ) {
      int count = file.read(bytes, at);
      if (count < 0) {
        throw new IOException("the data were cut while they were read");
      }
      at += count;
    }
  }

  @Override
  public void close() throws IOException {
    for (FileChannel file : files) {
      file.close();
    }
  }
}
