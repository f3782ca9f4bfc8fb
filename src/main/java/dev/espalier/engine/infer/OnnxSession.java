package dev.espalier.engine.infer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * A classifier in ONNX Runtime, made from a validated graph. The same graph, samples and number of
 * threads give the same predictions.
 */
public final class OnnxSession implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Decision decision;
  private final Chunks chunks;
  private final LongConsumer worked;

  private OnnxSession(
      OrtEnvironment environment, OrtSession session, Graph graph, LongConsumer worked) {
    this.environment = environment;
    this.session = session;
    this.decision = Decision.of(graph);
    this.chunks = Chunks.of(graph);
    this.worked = worked;
  }

  /**
   * Loads a model.
   *
   * @param threads compute threads
   * @param worked told how many samples were done, after each run
   * @throws Refusal {@code model-malformed}, {@code operator-unsupported} or {@code data-mismatch}
   */
  public static OnnxSession open(Graph graph, int threads, LongConsumer worked) {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setDeterministicCompute(true);
      return new OnnxSession(
          environment,
          environment.createSession(OnnxSerializer.serialize(graph), options),
          graph,
          worked);
    } catch (OrtException e) {
      throw RuntimeFailure.loading(e);
    }
  }

  /**
   * One forward pass under a time cap, before anything is built on the model.
   *
   * @return number of classes the model tells apart, at least 2
   * @throws Refusal {@code graph-too-large} when the cap is exceeded, {@code data-mismatch} or
   *     {@code model-malformed}
   */
  public int probe(BatchSource data, Duration cap) {
    try (RunOptions options = new RunOptions();
        TimeCap watch = new TimeCap(options, cap)) {
      try {
        int[] chunk = chunks.at(0, 0);
        return Decision.classes(run(data, chunk, options).columns());
      } catch (OrtException e) {
        if (!watch.exceeded()) {
          throw RuntimeFailure.running(e);
        }
        throw new Refusal(
            ReasonCode.GRAPH_TOO_LARGE,
            "one forward pass takes longer than " + cap.toSeconds() + " s; prune a smaller model",
            e);
      }
    } catch (OrtException e) {
      throw RuntimeFailure.loading(e);
    }
  }

  /**
   * Predictions of a model as it came, every one of which must be a number.
   *
   * @throws Refusal {@code model-malformed} naming the first sample without a prediction
   */
  public Predictions predictSubmitted(BatchSource data, int... samples) {
    Predictions predictions = predict(data, samples);
    predictions
        .firstWithout()
        .ifPresent(
            sample -> {
              throw new Refusal(
                  ReasonCode.MODEL_MALFORMED,
                  "the model's output for sample " + sample + " is NaN");
            });
    return predictions;
  }

  /** Predicted classes of {@code samples} of {@code data}, in that order. */
  public Predictions predict(BatchSource data, int... samples) {
    int[] classes = new int[samples.length];
    try (RunOptions options = new RunOptions()) {
      for (int from = 0; from < samples.length; from += chunks.size()) {
        int[] chunk = chunks.at(from, samples);
        Output output = run(data, chunk, options);
        int count = Math.min(chunks.size(), samples.length - from);
        for (int row = 0; row < count; row++) {
          classes[from + row] = decision.decide(output.values(), row, output.columns());
        }
        worked.accept(count);
      }
    } catch (OrtException e) {
      throw RuntimeFailure.running(e);
    }
    return new Predictions(samples.clone(), classes);
  }

  private record Output(FloatBuffer values, int columns) {}

  private Output run(BatchSource data, int[] chunk, RunOptions options) throws OrtException {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Tensor> input : data.batch(chunk).inputs().entrySet()) {
        inputs.put(input.getKey(), wrap(input.getValue()));
      }
      try (OrtSession.Result result = session.run(inputs, options)) {
        // Closed with the result it belongs to.
        OnnxTensor output = (OnnxTensor) result.get(0);
        int columns = Decision.columns(chunk.length, output.getInfo().getShape());
        return new Output(output.getFloatBuffer(), columns);
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor wrap(Tensor tensor) throws OrtException {
    return switch (tensor.type()) {
      case FLOAT -> OnnxTensor.createTensor(environment, tensor.floats(), tensor.shape());
      case INT64 -> OnnxTensor.createTensor(environment, tensor.longs(), tensor.shape());
      case INT32 -> OnnxTensor.createTensor(environment, tensor.ints(), tensor.shape());
      default -> throw new IllegalArgumentException("not an input: " + tensor);
    };
  }

  /** Frees the native model. */
  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime session does not close", e);
    }
  }

  /**
   * How many samples go into one run.
   *
   * @param size samples per run
   * @param fixed whether the model takes exactly that many: a short run is then filled up with its
   *     last sample
   */
  private record Chunks(int size, boolean fixed) {
    private static final int MOST = 256;

    /** Input elements per run, so that large samples do not multiply the memory of a run. */
    private static final long ELEMENTS = 1L << 24;

    /** Most elements an input may demand for one run. */
    private static final long LARGEST = 1L << 28;

    static Chunks of(Graph graph) {
      long elements = 1;
      for (ValueInfo input : graph.inputs()) {
        long[] dimensions = input.dimensions().stream().mapToLong(Long::longValue).toArray();
        long sample = 1;
        for (int axis = 1; axis < dimensions.length; axis++) {
          sample = product(sample, Math.abs(dimensions[axis]));
        }
        if (dimensions.length > 0 && dimensions[0] != ValueInfo.UNKNOWN) {
          product(sample, dimensions[0]);
          return new Chunks((int) dimensions[0], true);
        }
        elements += sample;
      }
      return new Chunks((int) Math.max(1, Math.min(MOST, ELEMENTS / elements)), false);
    }

    private static long product(long a, long b) {
      if (b > LARGEST / Math.max(1, a)) {
        throw new Refusal(
            ReasonCode.GRAPH_TOO_LARGE,
            "an input asks for more than %d elements at once: export with a smaller or open batch"
                .formatted(LARGEST));
      }
      return a * b;
    }

    /** The samples of the run that starts at {@code from}. */
    int[] at(int from, int... samples) {
      int end = Math.min(from + size, samples.length);
      int[] chunk = Arrays.copyOfRange(samples, from, fixed ? from + size : end);
      Arrays.fill(chunk, end - from, chunk.length, samples[end - 1]);
      return chunk;
    }
  }
}
