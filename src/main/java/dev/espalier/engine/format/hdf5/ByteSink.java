package dev.espalier.engine.format.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Where bytes can be written anywhere. */
@FunctionalInterface
public interface ByteSink {
  /** Writes all of a buffer from a position on. */
  void write(long position, ByteBuffer bytes) throws IOException;

  /** A file from an offset on. */
  static ByteSink of(FileChannel file, long offset) {
    return (position, bytes) -> {
      long at = offset + position;
      while (bytes.hasRemaining()) {
        at += file.write(bytes, at);
      }
    };
  }
}
