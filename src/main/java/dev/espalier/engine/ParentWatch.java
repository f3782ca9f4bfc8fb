package dev.espalier.engine;

import java.io.IOException;
import java.io.Reader;

/**
 * Ends this process when the one that started it is gone, however it went: the operating system
 * then closes its end of this process's standard input, on which nothing comes after the job.
 */
final class ParentWatch {
  private static final int EXIT_ORPHANED = 1;

  private ParentWatch() {}

  /** Watches {@code input} until its end, beside the job. */
  static void begin(Reader input) {
    Thread watch = new Thread(() -> endWith(input), "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static void endWith(Reader input) {
    try {
      while (input.read() >= 0) {
        // What else the parent may say means nothing.
      }
    } catch (IOException e) {
      // A broken pipe is an end as well.
    }
    // Nobody is left to read an outcome; native code could keep an orderly exit waiting.
    Runtime.getRuntime().halt(EXIT_ORPHANED);
  }
}
