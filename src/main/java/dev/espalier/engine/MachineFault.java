package dev.espalier.engine;

import java.io.IOException;
import java.util.List;

/** Tells faults of this machine's disk from all that a model or its data can bring about. */
final class MachineFault {
  /** What Linux says, in the locale that engines run in, of ENOSPC, EDQUOT, EROFS and EIO. */
  private static final List<String> WORDS =
      List.of(
          "No space left on device",
          "Disk quota exceeded",
          "Read-only file system",
          "Input/output error");

  private MachineFault() {}

  /**
   * Whether an input or output operation failed for such a fault. Only messages that end with the
   * system's words count: those that quote a file's content do not end with them.
   */
  static boolean isCauseOf(Throwable failure) {
    int depth = 0;
    for (Throwable cause = failure; cause != null && depth++ < 10; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (cause instanceof IOException
          && message != null
          && WORDS.stream().anyMatch(message::endsWith)) {
        return true;
      }
    }
    return false;
  }
}
