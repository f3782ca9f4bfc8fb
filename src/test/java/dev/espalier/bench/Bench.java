package dev.espalier.bench;

import dev.espalier.isolation.NativeVariant;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Makes the runs that have no line yet, one after the other, and writes {@code docs/results.md}.
 *
 * <pre>./mvnw -Pbench verify -Dbench.args="--only targets/.*"</pre>
 */
@Command(name = "Bench", mixinStandardHelpOptions = true)
final class Bench implements Callable<Integer> {
  @Option(names = "--only", description = "Expression that ids of runs must match.")
  private Pattern only = Pattern.compile(".*");

  @Option(names = "--list", description = "Print the ids of the runs that would be made.")
  private boolean list;

  @Option(names = "--render", description = "Only write the page from the lines there are.")
  private boolean render;

  @Option(names = "--results", description = "Where the lines of results are.")
  private Path results = Path.of("docs", "results");

  @Option(names = "--cache", description = "Where data and models are kept.")
  private Path cache = Path.of("target", "bench");

  @Option(names = "--python", description = "An interpreter with PyTorch, ONNX and scikit-learn.")
  private Path python = Path.of("/usr/bin/python3");

  @Option(
      names = "--part",
      description = "What models are judged on: test, or tuning to choose recipes by.")
  private String part = "test";

  @Option(
      names = "--changes",
      description = "Sections of the policy to try otherwise, in YAML's flow style without braces.")
  private String changes = "";

  private Bench() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Lines lines = new Lines(results);
    if (list) {
      missing(lines).forEach(run -> System.out.println(run.id()));
      return 0;
    }
    if (!render) {
      make(lines);
    }
    write(lines);
    return 0;
  }

  private List<Run> missing(Lines lines) {
    return Stream.concat(
            Experiments.all().stream(),
            lines.all().stream().flatMap(line -> Experiments.following(line).stream()))
        .map(run -> changes.isEmpty() ? run : run.with(changes))
        .filter(run -> only.matcher(run.id()).matches() && !lines.has(run.id()))
        .toList();
  }

  private void make(Lines lines) throws IOException, InterruptedException {
    // Before anything loads them, as the engine's own process is started.
    System.setProperty("org.bytedeco.javacpp.platform.extension", NativeVariant.best().extension());
    Laboratory laboratory = new Laboratory(cache, new Python(python), part);
    for (List<Run> runs = missing(lines); !runs.isEmpty(); runs = missing(lines)) {
      for (Run run : runs) {
        Line line = laboratory.perform(run);
        lines.add(line);
        System.out.printf("%s: accuracy %s, %.1f s%n", run.id(), line.accuracy(), line.seconds());
      }
    }
  }

  private void write(Lines lines) throws IOException {
    try (InputStream file = Bench.class.getResourceAsStream("/bench/results.md")) {
      String template =
          new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(
          results.resolveSibling("results.md"), new ResultsPage(lines.all()).render(template));
    }
  }
}
