package dev.espalier.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {
  @TempDir Path directory;

  @Test
  void shouldBeClosedToOthersWhenItIsMade() throws IOException {
    Path cache = directory.resolve("deep/cache");

    NativeCache.prepare(cache, directory);

    assertThat(permissions(cache)).isEqualTo("rwx------");
  }

  @Test
  void shouldBeClosedToOthersWhenItWasOpen() throws IOException {
    Path cache = Files.createDirectory(directory.resolve("cache"));
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));

    NativeCache.prepare(cache, directory);

    assertThat(permissions(cache)).isEqualTo("rwx------");
  }

  @Test
  void shouldRefuseWhenItIsALink() throws IOException {
    Path cache = Files.createSymbolicLink(directory.resolve("cache"), directory);

    assertThatThrownBy(() -> NativeCache.prepare(cache, directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("XDG_CACHE_HOME");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
