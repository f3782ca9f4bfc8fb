package dev.espalier.worker.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Secrets given by value or, as orchestrators mount them, by file. */
public final class Secrets {
  private Secrets() {}

  /**
   * The secret; white space around a file's content is dropped.
   *
   * @throws IllegalStateException when neither is given: {@link StartupChecks} reports it first
   * @throws UncheckedIOException when the file cannot be read
   */
  public static String resolve(Optional<String> value, Optional<Path> file) {
    return value.or(() -> file.map(Secrets::content)).orElseThrow(IllegalStateException::new);
  }

  private static String content(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the secret file " + file, e);
    }
  }
}
