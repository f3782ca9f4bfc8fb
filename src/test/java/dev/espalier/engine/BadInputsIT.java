package dev.espalier.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.engine.data.DataHazards;
import dev.espalier.engine.format.onnx.OnnxHazardsTest;
import dev.espalier.isolation.EngineLimits;
import dev.espalier.isolation.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The list of bad inputs: each is refused with its reason, or works where it may, in less than ten
 * seconds, within a small process's memory, and leaves nothing outside its work directory.
 */
class BadInputsIT {
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final String HEAP = "-Xmx128m";
  private static final String DIRECT = "-XX:MaxDirectMemorySize=192m";

  @TempDir private Path directory;
  private Path inputs;
  private Path work;

  @BeforeEach
  void makeDirectories() throws IOException {
    inputs = Files.createDirectory(directory.resolve("inputs"));
    work = Files.createDirectory(directory.resolve("work"));
    Files.write(
        inputs.resolve("model.onnx"),
        OnnxHazardsTest.allowed().findFirst().orElseThrow().content().bytes());
    Files.write(
        inputs.resolve("data.npz"),
        DataHazards.allowed().findFirst().orElseThrow().content().bytes());
  }

  @Test
  void shouldEndAsTheListSaysInOneProcess() throws Exception {
    List<BadInput> list = BadInput.small().toList();
    Path manifest = Files.write(directory.resolve("list"), lines(list));
    Map<String, Long> before = snapshot();

    List<String> answers = run(manifest);

    List<String> wrong = compare(list, answers);
    System.out.printf(
        Locale.ROOT, "bad inputs: %d of %d as expected%n", list.size() - wrong.size(), list.size());
    assertThat(wrong).isEmpty();
    assertThat(answers).hasSameSizeAs(list);
    assertThat(snapshot()).isEqualTo(before);
  }

  static Stream<BadInput> large() {
    return BadInput.large();
  }

  @ParameterizedTest
  @MethodSource("large")
  void shouldEndAsTheListSaysInAnEngine(BadInput input) throws Exception {
    Path file = inputs.resolve("large");
    input.content().to(file);
    Map<String, Long> before = snapshot();
    long start = System.nanoTime();

    EngineOutcome outcome;
    try (Engines engines = new Engines()) {
      EngineLimits limits = new EngineLimits(64 << 20, 400 << 20, LONGEST, LONGEST);
      outcome = engines.start(inspect(file), limits, progress -> {}).await();
    }

    System.out.printf(
        Locale.ROOT, "%s: %s, %d ms%n", input, outcome, (System.nanoTime() - start) / 1_000_000);
    assertThat(outcome)
        .isInstanceOfSatisfying(
            EngineOutcome.Refused.class,
            refused -> assertThat(refused.reason().code()).isEqualTo(input.code()));
    assertThat(snapshot()).isEqualTo(before);
  }

  private JobSpec inspect(Path file) {
    return new JobSpec(
        JobSpec.Operation.INSPECT, work, file, null, null, null, null, null, null, null, false, 1);
  }

  private List<String> lines(List<BadInput> list) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      BadInput input = list.get(i);
      Path file = inputs.resolve(Integer.toString(i));
      input.content().to(file);
      lines.add(
          String.join(
              "\t",
              operand(input.group()),
              file.toString(),
              input.declared() == null ? "" : input.declared().name()));
    }
    return lines;
  }

  private static String operand(BadInput.Group group) {
    return switch (group) {
      case DATA -> "data";
      case PRUNED_ONNX -> "pruned";
      default -> "model";
    };
  }

  private List<String> run(Path manifest) throws IOException, InterruptedException {
    Path scratch = Files.createDirectory(work.resolve("tmp"));
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path answers = work.resolve("answers");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            HEAP,
            DIRECT,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djdk.serialFilter=!*",
            "-Djava.io.tmpdir=" + scratch,
            "-Duser.home=" + elsewhere,
            "-Dorg.bytedeco.javacpp.platform.extension=",
            BadInputsMain.class.getName(),
            inputs.toString(),
            manifest.toString(),
            work.toString());
    builder
        .environment()
        .put(
            "CLASSPATH",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    builder.directory(elsewhere.toFile());
    builder.redirectOutput(answers.toFile());
    builder.redirectError(work.resolve("errors").toFile());
    Process process = builder.start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended).as("ended, see %s", Files.readString(work.resolve("errors"))).isTrue();
    Files.delete(elsewhere);
    return Files.readAllLines(answers);
  }

  private static List<String> compare(List<BadInput> list, List<String> answers) {
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      BadInput input = list.get(i);
      String expected = input.code() == null ? "works" : input.code().wire();
      String[] answer =
          i < answers.size() ? answers.get(i).split("\t", -1) : "0\tdied\t".split("\t", -1);
      System.out.printf(
          Locale.ROOT,
          "%-8s %-50s %-26s %6s ms%n",
          input.group(),
          input.name(),
          answer[1],
          answer[0]);
      if (!answer[1].equals(expected) || Long.parseLong(answer[0]) >= LONGEST.toMillis()) {
        wrong.add("%s: %s, and not %s".formatted(input, String.join(" ", answer), expected));
      }
    }
    return wrong;
  }

  /** Everything outside the work directories. */
  private Map<String, Long> snapshot() throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> found = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) found.filter(path -> !path.startsWith(work))::iterator) {
        files.put(
            file.toString(),
            Files.isDirectory(file) ? 0 : Files.getLastModifiedTime(file).toMillis());
      }
    }
    return files;
  }
}
