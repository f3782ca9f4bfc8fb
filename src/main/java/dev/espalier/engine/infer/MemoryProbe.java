package dev.espalier.engine.infer;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Entry point of a process that runs one model and prints by how many bytes its resident memory
 * grew at its highest. Before that it has loaded and run another model, so that what the runtime
 * itself takes is there already; nothing else has ever been allocated, so that no freed memory is
 * used again. Ends when its standard input does.
 */
public final class MemoryProbe {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");

  /** What makes Linux forget the highest resident memory so far. */
  private static final String FORGET_PEAK = "5";

  private static final int RUNS = 3;
  private static final long KIBIBYTE = 1024;

  private MemoryProbe() {}

  /**
   * Measures.
   *
   * @param arguments threads, a file with the other model, a file with the model; then name, ONNX
   *     Runtime's type and comma-separated shape of each of its inputs
   */
  public static void main(String[] arguments) throws IOException, OrtException {
    Thread watch = new Thread(MemoryProbe::endWithParent, "parent-watch");
    watch.setDaemon(true);
    watch.start();
    int threads = Integer.parseInt(arguments[0]);
    String[] inputs = Arrays.copyOfRange(arguments, 3, arguments.length);
    OrtEnvironment environment = OnnxSession.environment();
    run(environment, Path.of(arguments[1]), threads, "x", "FLOAT", "1");
    Files.writeString(CLEAR, FORGET_PEAK);
    long before = kibibytes("VmRSS:");
    run(environment, Path.of(arguments[2]), threads, inputs);
    System.out.println(Math.max(0, kibibytes("VmHWM:") - before) * KIBIBYTE);
    System.out.flush();
    // Native threads may outlive the measurement.
    Runtime.getRuntime().halt(0);
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is said.
      }
    } catch (IOException e) {
      // A broken pipe is an end as well.
    }
    Runtime.getRuntime().halt(1);
  }

  private static void run(OrtEnvironment environment, Path model, int threads, String... inputs)
      throws OrtException {
    Map<String, OnnxTensor> values = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = OnnxSession.options(threads);
        OrtSession session = environment.createSession(model.toString(), options)) {
      for (int i = 0; i < inputs.length; i += 3) {
        values.put(
            inputs[i], zeros(environment, OnnxJavaType.valueOf(inputs[i + 1]), inputs[i + 2]));
      }
      for (int i = 0; i < RUNS; i++) {
        session.run(values).close();
      }
    } finally {
      values.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor zeros(OrtEnvironment environment, OnnxJavaType type, String sizes)
      throws OrtException {
    long[] shape =
        sizes.isEmpty()
            ? new long[0]
            : Arrays.stream(sizes.split(",", -1)).mapToLong(Long::parseLong).toArray();
    long bytes = LongStream.of(shape).reduce(type.size, Math::multiplyExact);
    ByteBuffer memory =
        ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    return OnnxTensor.createTensor(environment, memory, shape, type);
  }

  private static long kibibytes(String field) throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow(() -> new IOException("no " + field));
  }
}
