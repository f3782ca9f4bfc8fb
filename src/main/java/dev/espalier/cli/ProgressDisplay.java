package dev.espalier.cli;

import dev.espalier.contract.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Shows an engine's progress on standard error. */
interface ProgressDisplay extends Consumer<Progress>, AutoCloseable {

  /** Ends the display; it leaves no half line behind. */
  @Override
  void close();

  /** Nothing when {@code quiet}; a live bar on a terminal; one line a step elsewhere. */
  static ProgressDisplay of(boolean quiet, PrintWriter err) {
    if (quiet) {
      return new Silent();
    }
    return standardErrorIsTerminal() ? new ProgressLiveBar() : new ProgressStepLines(err);
  }

  /** {@link System#console()} asks for standard input and output, which may well be piped. */
  private static boolean standardErrorIsTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** Shows nothing. */
  final class Silent implements ProgressDisplay {
    @Override
    public void accept(Progress progress) {}

    @Override
    public void close() {}
  }
}
