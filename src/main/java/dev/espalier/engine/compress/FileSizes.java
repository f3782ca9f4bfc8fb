package dev.espalier.engine.compress;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Measured sizes of a whole file.
 *
 * @param raw bytes of the file
 * @param gzip bytes through gzip, level 6
 * @param zstd bytes through zstd, level 3
 */
public record FileSizes(long raw, long gzip, long zstd) {
  private static final int GZIP_LEVEL = 6;
  private static final int ZSTD_LEVEL = 3;

  /** Header and trailer of a gzip member without optional fields (RFC 1952). */
  private static final int GZIP_FRAME = 18;

  /** Measures a file, streaming. */
  public static FileSizes of(Path file) throws IOException {
    Counter gzip = new Counter();
    Deflater deflater = new Deflater(GZIP_LEVEL, true);
    try (OutputStream out = new DeflaterOutputStream(gzip, deflater)) {
      Files.copy(file, out);
    } finally {
      deflater.end();
    }
    return new FileSizes(Files.size(file), gzip.bytes + GZIP_FRAME, zstdBytes(file));
  }

  /** Bytes of a file through zstd, level 3. */
  public static long zstdBytes(Path file) throws IOException {
    Counter zstd = new Counter();
    try (OutputStream out = new ZstdOutputStreamNoFinalizer(zstd, ZSTD_LEVEL)) {
      Files.copy(file, out);
    }
    return zstd.bytes;
  }

  private static final class Counter extends OutputStream {
    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      bytes += length;
    }
  }
}
