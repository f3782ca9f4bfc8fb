package dev.espalier.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where the engine's native libraries (some 440 MB) are unpacked, once per user. What lies there is
 * executed, so nobody else may have put it there.
 */
final class NativeCache {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

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
            "espalier-native-" + System.getProperty("user.name"));
  }

  /**
   * Makes the directory, or makes sure that an existing one is only this user's.
   *
   * @param ownFile a file that this process has made, and whose owner it therefore is
   * @throws IOException when it cannot be made, or is a link or another user's
   */
  static void prepare(Path directory, Path ownFile) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        || !Files.getOwner(directory).equals(Files.getOwner(ownFile))) {
      throw new IOException(
          directory + " is not a directory of this user; remove it or set XDG_CACHE_HOME");
    }
    // In an image it lies on a file system that takes no changes.
    if (!Files.getPosixFilePermissions(directory).equals(OWNER_ONLY)) {
      Files.setPosixFilePermissions(directory, OWNER_ONLY);
    }
  }
}
