package dev.espalier.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Scripts of the benchmark.
 *
 * @param interpreter one that has PyTorch, ONNX and, for the digits, scikit-learn
 */
record Python(Path interpreter) {
  private static final Path SCRIPTS = Path.of("src", "test", "python", "bench").toAbsolutePath();

  /**
   * Runs a script to its end, on one thread.
   *
   * @throws IllegalStateException when it fails; its own words are on standard error
   */
  void run(String script, String... arguments) throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(List.of(interpreter.toString(), SCRIPTS.resolve(script).toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
    builder.environment().put("OMP_NUM_THREADS", "1");
    int exit = builder.start().waitFor();
    if (exit != 0) {
      throw new IllegalStateException(String.join(" ", line) + " ended with " + exit);
    }
  }
}
