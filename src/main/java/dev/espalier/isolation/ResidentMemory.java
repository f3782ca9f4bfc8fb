package dev.espalier.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Memory of a process as Linux counts it: {@code VmRSS} of {@code /proc/<pid>/status}. */
final class ResidentMemory {
  private static final Pattern VM_RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  private ResidentMemory() {}

  /** Resident bytes; empty when the process has ended. */
  static OptionalLong of(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .map(VM_RSS::matcher)
          .filter(Matcher::matches)
          .mapToLong(match -> Long.parseLong(match.group(1)) * 1024)
          .findFirst();
    } catch (IOException | java.io.UncheckedIOException e) {
      // The process ended before or while its status was read.
      return OptionalLong.empty();
    }
  }
}
