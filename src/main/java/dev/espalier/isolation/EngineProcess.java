package dev.espalier.isolation;

import dev.espalier.contract.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One engine's JVM and the two threads that read what it says. It takes its job as one line on
 * standard input, so that the job can be written while the JVM starts. That input stays open for as
 * long as this JVM lives: at its end the engine ends itself, so that none outlives a worker that
 * was killed.
 */
final class EngineProcess {
  private static final Duration OUTPUT_GRACE = Duration.ofSeconds(5);

  private final Process process;
  private final Thread progressReader;
  private final Thread errorReader;

  private EngineProcess(Process process, Thread progressReader, Thread errorReader) {
    this.process = process;
    this.progressReader = progressReader;
    this.errorReader = errorReader;
  }

  static EngineProcess start(ProcessBuilder builder, EngineLog log, Consumer<Progress> listener)
      throws IOException {
    Process process = builder.start();
    return new EngineProcess(
        process,
        reader(
            "progress",
            process,
            log,
            () -> new ProgressLines(log, listener).readAll(process.getInputStream())),
        reader("errors", process, log, () -> copy(process.getErrorStream(), log)));
  }

  /**
   * Names the job.
   *
   * @throws IOException when the process has ended already
   */
  void give(Path jobFile) throws IOException {
    Writer input = process.outputWriter(StandardCharsets.UTF_8);
    input.write(jobFile + "\n");
    input.flush();
  }

  /** Whether it has ended, and all it said was read, within {@code patience}. */
  boolean ended(Duration patience) throws InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    progressReader.join(OUTPUT_GRACE.toMillis());
    errorReader.join(OUTPUT_GRACE.toMillis());
    return true;
  }

  /** The exit code; 128 plus the number of the signal that ended it. */
  int exitCode() {
    return process.exitValue();
  }

  long pid() {
    return process.pid();
  }

  void kill() {
    process.destroyForcibly();
  }

  private static void copy(InputStream errors, EngineLog log) throws IOException {
    byte[] buffer = new byte[4096];
    for (int read = errors.read(buffer); read >= 0; read = errors.read(buffer)) {
      log.append(buffer, read);
    }
  }

  private static Thread reader(String name, Process process, EngineLog log, IoAction action) {
    Thread thread =
        new Thread(
            () -> {
              try {
                action.run();
              } catch (IOException | RuntimeException e) {
                // Nobody reads any more: end it rather than let it block on a full pipe.
                log.note("its output was not read to the end: " + e);
                process.destroyForcibly();
              }
            },
            "engine-" + process.pid() + "-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Reading or writing that may fail. */
  private interface IoAction {
    void run() throws IOException;
  }
}
