package dev.espalier.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The version that results name and the command line prints. */
public final class BuildVersion {
  private static final String RESOURCE = "version.txt";

  private BuildVersion() {}

  /** The version as the build wrote it. */
  public static String current() {
    try (InputStream in = BuildVersion.class.getResourceAsStream(RESOURCE)) {
      Objects.requireNonNull(in, () -> "the build must package " + RESOURCE);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE, e);
    }
  }
}
