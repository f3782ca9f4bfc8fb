package dev.espalier.local;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A child process that never outlives this JVM, not even when this JVM is killed with SIGKILL.
 *
 * <p>A shell of two lines, the guard, holds the other end of a pipe: when this JVM is gone the pipe
 * closes and the guard kills the child. Having the child watch its own standard input would not do:
 * a child stopped with {@link #pause()} watches nothing.
 */
final class GuardedProcess implements AutoCloseable {
  private static final List<String> GUARD =
      List.of(
          "sh",
          "-c",
          "read -r child || exit; while read -r ignored; do :; done; kill -KILL \"$child\"");

  private final Process process;
  private final Process guard;

  private GuardedProcess(Process process, Process guard) {
    this.process = process;
    this.guard = guard;
  }

  /** Starts {@code command} under a guard; its standard input is empty. */
  static GuardedProcess start(ProcessBuilder command) throws IOException {
    Process guard =
        new ProcessBuilder(GUARD)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
    try {
      Process process = command.redirectInput(Redirect.from(new File("/dev/null"))).start();
      OutputStream lifeline = guard.getOutputStream();
      lifeline.write((process.pid() + "\n").getBytes(StandardCharsets.US_ASCII));
      lifeline.flush();
      // The number of a process that has ended may be given to another: stand the guard down.
      process.onExit().thenRun(guard::destroyForcibly);
      return new GuardedProcess(process, guard);
    } catch (IOException | RuntimeException e) {
      guard.destroyForcibly();
      throw e;
    }
  }

  Process process() {
    return process;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Stops the process where it is (SIGSTOP): its connections stay open and silent. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets a paused process go on (SIGCONT). */
  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** Kills the process (SIGKILL) and waits until it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /**
   * Asks the process to end (SIGTERM) and waits.
   *
   * @return whether it ended within {@code patience}
   */
  boolean terminate(Duration patience) throws InterruptedException {
    process.destroy();
    return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Kills the process, paused or not. */
  @Override
  public void close() {
    boolean interrupted = false;
    process.destroyForcibly();
    while (true) {
      try {
        process.waitFor();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    guard.destroyForcibly();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void signal(String name) throws IOException, InterruptedException {
    // Through the shell, whose built-in always exists; the program of this name may not.
    Process kill =
        new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.DISCARD)
            .start();
    if (kill.waitFor() != 0) {
      throw new IOException("process " + process.pid() + " cannot be sent SIG" + name);
    }
  }
}
