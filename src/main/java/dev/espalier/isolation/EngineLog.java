package dev.espalier.isolation;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What an engine said beside its progress: the first {@value #MAX_FILE_BYTES} bytes in a file, the
 * last few in memory for the reason of a crash. Thread-safe.
 */
final class EngineLog implements AutoCloseable {
  /** Name of the file in the work directory. */
  static final String FILE = "engine.log";

  static final int MAX_FILE_BYTES = 1 << 20;
  private static final int TAIL_BYTES = 2_048;

  private final OutputStream file;
  private final byte[] tail = new byte[TAIL_BYTES];
  private long written;
  private boolean fileIsCut;

  EngineLog(Path workDirectory) throws IOException {
    file = Files.newOutputStream(workDirectory.resolve(FILE));
  }

  /** Takes {@code length} bytes. A full disk costs the file its end, not the run. */
  synchronized void append(byte[] bytes, int length) {
    int room = fileIsCut ? 0 : (int) Math.max(0, Math.min(length, MAX_FILE_BYTES - written));
    try {
      file.write(bytes, 0, room);
    } catch (IOException e) {
      fileIsCut = true;
    }
    for (int i = 0; i < length; i++) {
      tail[(int) (written++ % TAIL_BYTES)] = bytes[i];
    }
  }

  /** Takes a line of our own. */
  void note(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    append(bytes, bytes.length);
  }

  /** The last of it, at most {@value #TAIL_BYTES} bytes. */
  synchronized String tail() {
    int length = (int) Math.min(written, TAIL_BYTES);
    byte[] ordered = new byte[length];
    for (int i = 0; i < length; i++) {
      ordered[i] = tail[(int) ((written - length + i) % TAIL_BYTES)];
    }
    return new String(ordered, StandardCharsets.UTF_8).strip();
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
