package dev.espalier.engine.format.hdf5;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bytes that can be read anywhere: a file, part of a file, or a buffer. */
public interface ByteSource {
  /** Number of bytes. */
  long size();

  /**
   * Fills a buffer.
   *
   * @param position of the first byte; the caller has checked that all lie within
   */
  void read(long position, ByteBuffer target) throws IOException;

  /** Part of a file, which the caller keeps open. */
  static ByteSource of(FileChannel file, long offset, long size) {
    return new ByteSource() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public void read(long position, ByteBuffer target) throws IOException {
        long at = offset + position;
        while (target.hasRemaining()) {
          int count = file.read(target, at);
          if (count < 0) {
            throw new EOFException("the file became shorter while it was read");
          }
          at += count;
        }
      }
    };
  }

  /** A buffer from its start to its capacity. */
  static ByteSource of(byte[] bytes) {
    return new ByteSource() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public void read(long position, ByteBuffer target) {
        target.put(bytes, (int) position, target.remaining());
      }
    };
  }
}
