package dev.espalier.isolation;

import dev.espalier.contract.ContractJson;
import dev.espalier.contract.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads an engine's standard output, which is not trusted: a line is bounded in length, and one
 * that is not progress goes to the log and is no sign of life.
 */
final class ProgressLines {
  static final int MAX_LINE_BYTES = 16 * 1024;

  private final EngineLog log;
  private final Consumer<Progress> listener;
  private final byte[] line = new byte[MAX_LINE_BYTES];
  private int length;
  private boolean tooLong;

  ProgressLines(EngineLog log, Consumer<Progress> listener) {
    this.log = log;
    this.listener = listener;
  }

  /** Reads until the engine closes its output. */
  void readAll(InputStream out) throws IOException {
    byte[] buffer = new byte[8192];
    for (int read = out.read(buffer); read >= 0; read = out.read(buffer)) {
      for (int i = 0; i < read; i++) {
        accept(buffer[i]);
      }
    }
    if (length > 0) {
      endLine();
    }
  }

  private void accept(byte next) {
    if (next == '\n') {
      endLine();
    } else if (length < line.length) {
      line[length++] = next;
    } else {
      tooLong = true;
    }
  }

  private void endLine() {
    byte[] whole = Arrays.copyOf(line, length);
    boolean complete = !tooLong;
    length = 0;
    tooLong = false;
    if (!complete || !tell(whole)) {
      log.note("not progress: " + new String(whole, StandardCharsets.UTF_8));
    }
  }

  private boolean tell(byte[] json) {
    Progress progress;
    try {
      progress = ContractJson.mapper().readValue(json, Progress.class);
    } catch (IOException e) {
      return false;
    }
    if (progress == null) {
      return false;
    }
    listener.accept(progress);
    return true;
  }
}
