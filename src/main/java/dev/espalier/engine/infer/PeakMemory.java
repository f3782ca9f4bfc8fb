package dev.espalier.engine.infer;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * How much resident memory two models take at most while ONNX Runtime loads and runs them, each in
 * fresh processes, in turns: in a process that has run other models, memory that these gave back is
 * used again and not seen.
 *
 * @param before bytes of the first model, one entry per process
 * @param after the same of the second
 */
public record PeakMemory(List<Long> before, List<Long> after) {
  private static final int REPETITIONS = 3;

  /** Longest time of one process. */
  private static final int SECONDS = 60;

  /** Copies the lists. */
  public PeakMemory {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /**
   * Measures two models on samples of zeros in the shape of the data's first.
   *
   * @param directory where the models are written and deleted again
   * @param worked told now and then
   * @return empty when a process does not answer, as where Linux does not tell
   */
  public static Optional<PeakMemory> measure(
      Graph first, Graph second, BatchSource data, int threads, Path directory, LongConsumer worked)
      throws IOException {
    Path warmUp = directory.resolve("warm-up.partial");
    Path a = directory.resolve("before.partial");
    Path b = directory.resolve("after.partial");
    try {
      Files.write(warmUp, OnnxSerializer.serialize(identity()));
      Files.write(a, OnnxSerializer.serialize(first));
      Files.write(b, OnnxSerializer.serialize(second));
      List<Long> before = new ArrayList<>();
      List<Long> after = new ArrayList<>();
      for (int i = 0; i < 2 * REPETITIONS; i++) {
        // A B, B A, A B.
        boolean original = i % 4 == 0 || i % 4 == 3;
        Graph graph = original ? first : second;
        List<String> command = command(threads, warmUp, original ? a : b, inputs(graph, data));
        Optional<Long> bytes = bytes(command, worked);
        if (bytes.isEmpty()) {
          return Optional.empty();
        }
        (original ? before : after).add(bytes.get());
      }
      return Optional.of(new PeakMemory(before, after));
    } catch (Refusal e) {
      return Optional.empty();
    } finally {
      for (Path file : List.of(warmUp, a, b)) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Median of the first model. */
  public long medianBefore() {
    return median(before);
  }

  /** Median of the second model. */
  public long medianAfter() {
    return median(after);
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  /** Largest difference between measurements of the same model. */
  public long spread() {
    return Math.max(range(before), range(after));
  }

  private static long range(List<Long> values) {
    return Collections.max(values) - Collections.min(values);
  }

  private static Graph identity() {
    ValueInfo in = new ValueInfo("x", DataType.FLOAT, List.of(1L));
    ValueInfo out = new ValueInfo("y", DataType.FLOAT, List.of(1L));
    Node node = new Node("n", "Neg", List.of("x"), List.of("y"), Map.of());
    return new Graph(13, List.of(in), List.of(out), List.of(node), Map.of(), List.of());
  }

  private static List<String> inputs(Graph graph, BatchSource data) {
    List<String> arguments = new ArrayList<>();
    for (Map.Entry<String, Tensor> input : TimedModel.first(graph, data).entrySet()) {
      arguments.add(input.getKey());
      arguments.add(input.getValue().type().name());
      arguments.add(
          LongStream.of(input.getValue().shape())
              .mapToObj(Long::toString)
              .collect(Collectors.joining(",")));
    }
    return arguments;
  }

  private static List<String> command(int threads, Path warmUp, Path model, List<String> inputs) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // A heap that is there from the start does not grow during the measurement.
                "-Xms32m",
                "-Xmx32m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-Djdk.serialFilter=!*",
                MemoryProbe.class.getName(),
                Integer.toString(threads),
                warmUp.toString(),
                model.toString()));
    command.addAll(inputs);
    return command;
  }

  private static Optional<Long> bytes(List<String> command, LongConsumer worked)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    // Not on the command line: ONNX Runtime 1.29 dies of command lines longer than 4 KiB.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try {
      for (int second = 0; second < SECONDS; second++) {
        if (process.waitFor(1, TimeUnit.SECONDS)) {
          String said =
              new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
          return process.exitValue() == 0
              ? Optional.of(Long.parseLong(said.strip()))
              : Optional.empty();
        }
        worked.accept(1);
      }
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    } finally {
      process.destroyForcibly();
    }
  }
}
