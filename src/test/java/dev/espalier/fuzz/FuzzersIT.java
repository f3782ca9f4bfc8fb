package dev.espalier.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every fuzzer for a bounded time, each in its own small JVM: {@code -Despalier.fuzz.seconds}
 * each, or only {@code -Despalier.fuzz.target}, with the same seed each time. What was interesting
 * is kept in {@code target/fuzz}, and the next run goes on from there.
 */
class FuzzersIT {
  private static final long SECONDS = Long.getLong("espalier.fuzz.seconds", 10);
  private static final int GRACE_SECONDS = 120;

  /** Longest time and most memory one input may take. */
  private static final int INPUT_SECONDS = 30;

  private static final String HEAP = "-Xmx256m";
  private static final String DIRECT = "-XX:MaxDirectMemorySize=256m";

  /** Growth that a warmed-up JVM may show without anything being kept. */
  private static final long GROWTH = 64L << 20;

  private static final Pattern HEAVY =
      Pattern.compile(
          "nd4j|openblas|javacpp|onnxruntime|deeplearning4j|zstd|rocksdb|kafka_|scala|s3proxy|jetty"
              + "|jclouds|quarkus|netty|vertx|minio|archunit|fastutil|bcp|aws|s3-|snappy|guava");
  private static final Pattern COVERAGE =
      Pattern.compile("cov: (\\d+) ft: (\\d+) corp: (\\d+)/(\\S+)");
  private static final Pattern MEMORY =
      Pattern.compile("executions=(\\d+) held-bytes-after-\\d+=(-?\\d+) held-bytes-at-end=(\\d+)");

  static Stream<FuzzTarget> targets() {
    String only = System.getProperty("espalier.fuzz.target", "");
    return only.isEmpty()
        ? Stream.of(FuzzTarget.values())
        : Stream.of(FuzzTarget.valueOf(only.toUpperCase(Locale.ROOT)));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void shouldReadOrRefuseWhateverComes(FuzzTarget target) throws Exception {
    Path home = Path.of("target", "fuzz", target.name().toLowerCase(Locale.ROOT)).toAbsolutePath();
    Seeds.write(target, home.resolve("seeds"));
    Files.createDirectories(home.resolve("corpus"));
    Path work = Files.createDirectories(home.resolve("work"));
    Path log = home.resolve("fuzz.log");

    Process fuzzer =
        new ProcessBuilder(command(target, home))
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = fuzzer.waitFor(SECONDS + GRACE_SECONDS, TimeUnit.SECONDS);
    fuzzer.destroyForcibly().waitFor();

    String told = Files.readString(log);
    System.out.println(summary(target, told));
    assertThat(ended).as("ended in time, see %s", log).isTrue();
    assertThat(fuzzer.exitValue()).as("no finding, see %s", log).isZero();
    assertThat(growth(told)).as("bytes held more at the end, see %s", log).isLessThan(GROWTH);
  }

  private static List<String> command(FuzzTarget target, Path home) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(HEAP, DIRECT, "-XX:+UseSerialGC", "-Djdk.serialFilter=!*"));
    command.add("-cp");
    command.add(classPath());
    command.add("com.code_intelligence.jazzer.Jazzer");
    command.add("--target_class=" + target.main());
    command.add("--instrumentation_includes=dev.espalier.**");
    command.add("--instrumentation_excludes=dev.espalier.engine.format.onnx.proto.**");
    command.add("--custom_hook_includes=dev.espalier.**");
    command.add("--reproducer_path=" + home);
    command.add("-artifact_prefix=" + home + "/");
    command.add("-seed=1");
    command.add("-max_len=65536");
    command.add("-timeout=" + INPUT_SECONDS);
    command.add("-max_total_time=" + SECONDS);
    command.add(home.resolve("corpus").toString());
    command.add(home.resolve("seeds").toString());
    return command;
  }

  /** Jazzer looks into every class there is: the libraries no reader needs would take its heap. */
  private static String classPath() {
    return Stream.of(
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .split(File.pathSeparator))
        .filter(entry -> !HEAVY.matcher(Path.of(entry).getFileName().toString()).lookingAt())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String summary(FuzzTarget target, String log) {
    Matcher memory = MEMORY.matcher(log);
    String executions = memory.find() ? memory.group(1) : "?";
    String coverage = "?";
    for (Matcher line = COVERAGE.matcher(log); line.find(); ) {
      coverage =
          "%s edges, %s features, corpus %s of %s"
              .formatted(line.group(1), line.group(2), line.group(3), line.group(4));
    }
    return "fuzz %s: %s executions, %s, %+d bytes held"
        .formatted(target, executions, coverage, growth(log));
  }

  private static long growth(String log) {
    Matcher memory = MEMORY.matcher(log);
    assertThat(memory.find()).as("the fuzzer says what it held at its end").isTrue();
    boolean tooFew = memory.group(2).equals("-1");
    return tooFew ? 0 : Long.parseLong(memory.group(3)) - Long.parseLong(memory.group(2));
  }
}
