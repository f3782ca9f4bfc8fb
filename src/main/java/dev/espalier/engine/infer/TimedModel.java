package dev.espalier.engine.infer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model in ONNX Runtime that is run on the same samples again and again. Inputs are prepared
 * once, so that a run's time is the model's: what it takes to pass the inputs, compute all outputs
 * and free them.
 */
final class TimedModel implements AutoCloseable {
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs;

  private TimedModel(OrtSession session, Map<String, OnnxTensor> inputs) {
    this.session = session;
    this.inputs = inputs;
  }

  /**
   * Loads a model and its first sample.
   *
   * @throws dev.espalier.contract.Refusal when its weights do not fit into one file
   */
  static TimedModel open(Graph graph, BatchSource data, int threads) throws OrtException {
    OrtEnvironment environment = OnnxSession.environment();
    OrtSession session = OnnxSession.load(environment, OnnxSerializer.serialize(graph), threads);
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    TimedModel model = new TimedModel(session, inputs);
    try {
      for (Map.Entry<String, Tensor> input : first(graph, data).entrySet()) {
        // A batch is only lent.
        inputs.put(input.getKey(), Tensors.wrap(environment, input.getValue().copy()));
      }
      return model;
    } catch (OrtException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** The inputs that are run: those of the data's first sample. */
  static Map<String, Tensor> first(Graph graph, BatchSource data) {
    return data.batch(Chunks.of(graph).at(0, 0)).inputs();
  }

  /** Samples per run: one, or as many as the model takes where it takes no other number. */
  static int batch(Graph graph, BatchSource data) {
    Map<String, Tensor> inputs = first(graph, data);
    return inputs.isEmpty() ? 1 : (int) inputs.values().iterator().next().dimension(0);
  }

  /** Nanoseconds that {@code times} runs take. */
  long run(int times) throws OrtException {
    long started = System.nanoTime();
    for (int i = 0; i < times; i++) {
      session.run(inputs).close();
    }
    return System.nanoTime() - started;
  }

  @Override
  public void close() throws OrtException {
    inputs.values().forEach(OnnxTensor::close);
    session.close();
  }
}
