package dev.espalier.isolation;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the engine's native libraries (some 440 MB) are unpacked, once per user and never by two
 * users into one place: what lies there is executed.
 */
final class NativeCache {
  private NativeCache() {}

  /** {@code $XDG_CACHE_HOME} or {@code ~/.cache}; without a writable home, the temp directory. */
  static Path directory() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path home = Path.of(System.getProperty("user.home"));
    if (configured != null && Path.of(configured).isAbsolute()) {
      return Path.of(configured, "espalier", "native");
    }
    return home.isAbsolute() && Files.isWritable(home)
        ? home.resolve(".cache/espalier/native")
        : Path.of(
            System.getProperty("java.io.tmpdir"),
            "espalier-" + System.getProperty("user.name"),
            "native");
  }
}
