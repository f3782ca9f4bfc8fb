package dev.espalier.engine.infer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.metric.Head;
import dev.espalier.engine.metric.Observer;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * A model in ONNX Runtime, made from a validated graph. The same graph, samples and number of
 * threads give the same outputs. Of several outputs, the first is judged.
 */
public final class OnnxSession implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Head head;
  private final Chunks chunks;
  private final LongConsumer worked;

  private OnnxSession(
      OrtEnvironment environment, OrtSession session, Graph graph, LongConsumer worked) {
    this.environment = environment;
    this.session = session;
    this.head = Head.of(graph);
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
    OrtEnvironment environment = environment();
    try {
      OrtSession session = load(environment, OnnxSerializer.serialize(graph), threads);
      return new OnnxSession(environment, session, graph, worked);
    } catch (OrtException e) {
      throw RuntimeFailure.loading(e);
    }
  }

  /** The process's one environment. */
  static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
  }

  /** A session of the settings that every score is made with. */
  static OrtSession load(OrtEnvironment environment, byte[] model, int threads)
      throws OrtException {
    try (OrtSession.SessionOptions options = options(threads)) {
      return environment.createSession(model, options);
    }
  }

  /** The settings themselves. */
  static OrtSession.SessionOptions options(int threads) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.setDeterministicCompute(true);
    return options;
  }

  /**
   * One forward pass under a time cap, before anything is built on the model.
   *
   * @return numbers per sample that the model gives, at least 1
   * @throws Refusal {@code graph-too-large} when the cap is exceeded, {@code data-mismatch} or
   *     {@code model-malformed}
   */
  public int probe(BatchSource data, Duration cap) {
    try (RunOptions options = new RunOptions();
        TimeCap watch = new TimeCap(options, cap)) {
      try {
        int[] chunk = chunks.at(0, 0);
        return run(data.batch(chunk), chunk.length, data.task(), options).width();
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
   * Shows observers what the model as it came says to {@code samples} of {@code data}, in that
   * order; all of it must be a number.
   *
   * @throws Refusal {@code model-malformed} naming the first sample without
   */
  public void measureSubmitted(
      BatchSource data, List<? extends Observer> observers, int... samples) {
    List<Observer> checked = new ArrayList<>();
    checked.add(new NumbersOnly(samples));
    checked.addAll(observers);
    measure(data, checked, samples);
  }

  /**
   * Shows observers what the model says to {@code samples} of {@code data}, in that order.
   *
   * @throws dev.espalier.engine.metric.NotANumber as an observer does
   */
  public void measure(BatchSource data, List<? extends Observer> observers, int... samples) {
    try (RunOptions options = new RunOptions()) {
      for (int from = 0; from < samples.length; from += chunks.size()) {
        int[] chunk = chunks.at(from, samples);
        Batch batch = data.batch(chunk);
        Output output = run(batch, chunk.length, data.task(), options);
        int count = Math.min(chunks.size(), samples.length - from);
        show(output, new TargetRows(batch.targets()), observers, from, count);
        worked.accept(count);
      }
    } catch (OrtException e) {
      throw RuntimeFailure.running(e);
    }
  }

  private static void show(
      Output output, TargetRows targets, List<? extends Observer> observers, int from, int count) {
    float[] row = new float[output.width()];
    for (int i = 0; i < count; i++) {
      output.values().get(i * row.length, row);
      float[] target = targets.row(i);
      for (Observer observer : observers) {
        observer.add(from + i, row, target);
      }
    }
  }

  private record Output(FloatBuffer values, int width) {}

  private Output run(Batch batch, int rows, Task task, RunOptions options) throws OrtException {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Tensor> input : batch.inputs().entrySet()) {
        inputs.put(input.getKey(), Tensors.wrap(environment, input.getValue()));
      }
      try (OrtSession.Result result = session.run(inputs, Set.of(head.output()), options)) {
        // Closed with the result it belongs to.
        OnnxValue output = result.get(0);
        if (!(output instanceof OnnxTensor tensor)) {
          throw new Refusal(
              ReasonCode.DATA_MISMATCH,
              "the model's output '" + head.output() + "' is not a tensor");
        }
        int width = OutputShape.width(task, rows, tensor.getInfo().getShape());
        return new Output(Tensors.floats(head.output(), tensor), width);
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
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
}
