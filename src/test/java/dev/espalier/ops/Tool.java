package dev.espalier.ops;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Operations tools that judge our files. A machine without one skips what needs it. */
public enum Tool {
  CHROMIUM("chromium"),
  KUBECTL("kubectl"),
  PROMETHEUS("prometheus"),
  PROMTOOL("promtool");

  private final String command;

  Tool(String command) {
    this.command = command;
  }

  /** Where the tool is; skips the test when it is nowhere. */
  public Path require() {
    Optional<Path> found =
        Stream.of(System.getenv("PATH").split(Pattern.quote(File.pathSeparator), -1))
            .map(directory -> Path.of(directory, command))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(found.isPresent(), command + " is not installed");
    return found.orElseThrow();
  }

  /** What the tool prints; it must succeed. */
  public String run(String... arguments) {
    List<String> line = new ArrayList<>(List.of(require().toString()));
    line.addAll(List.of(arguments));
    try {
      Path errors = Files.createTempFile(command, ".err");
      Process process = new ProcessBuilder(line).redirectError(errors.toFile()).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.waitFor();
      String complaint = Files.readString(errors);
      Files.delete(errors);
      if (exit != 0) {
        throw new AssertionError(line + " ended with " + exit + "\n" + output + complaint);
      }
      return output;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(line + " did not run", e);
    }
  }
}
