package dev.espalier.engine.infer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Sums of a graph's outputs over samples, for graphs whose outputs are sums over a batch and have
 * the same shape whatever its size.
 *
 * @param threads compute threads
 * @param mostPerRun most samples per run, at least 1
 */
public record OutputSums(int threads, int mostPerRun) {

  /**
   * Runs a graph over samples. A model that takes a fixed number of samples at once only takes
   * whole runs of them, unless there are fewer samples than one run has.
   *
   * @param graph its outputs are float32
   * @param samples which of {@code data}, in this order; at least one
   * @param worked told how many samples were done, after each run
   * @return the sums by output name; all finite
   * @throws InputsNotFinite when one is not
   * @throws Refusal when the graph does not run, or there are no samples
   */
  public Map<String, DoubleBuffer> of(
      Graph graph, BatchSource data, int[] samples, LongConsumer worked) {
    if (samples.length == 0) {
      throw new Refusal(
          ReasonCode.DATA_TOO_FEW, "there are no samples to take the layers' inputs of; give some");
    }
    Chunks chunks = Chunks.of(graph).atMost(mostPerRun);
    int whole = samples.length / chunks.size() * chunks.size();
    int end = chunks.fixed() && whole > 0 ? whole : samples.length;
    int[] taken = Arrays.copyOf(samples, end);
    List<String> names = graph.outputs().stream().map(ValueInfo::name).toList();
    Map<String, DoubleBuffer> sums = new LinkedHashMap<>();
    OrtEnvironment environment = OnnxSession.environment();
    try (OrtSession session =
        OnnxSession.load(environment, OnnxSerializer.serialize(graph), threads)) {
      for (int from = 0; from < end; from += chunks.size()) {
        int[] chunk = chunks.at(from, taken);
        run(environment, session, data.batch(chunk).inputs(), names, sums);
        worked.accept(chunk.length);
      }
    } catch (OrtException e) {
      throw RuntimeFailure.running(e);
    }
    sums.forEach(OutputSums::requireFinite);
    return sums;
  }

  private static void run(
      OrtEnvironment environment,
      OrtSession session,
      Map<String, Tensor> batch,
      List<String> names,
      Map<String, DoubleBuffer> sums)
      throws OrtException {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Tensor> input : batch.entrySet()) {
        inputs.put(input.getKey(), Tensors.wrap(environment, input.getValue()));
      }
      sum(session, inputs, names, sums);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static void sum(
      OrtSession session,
      Map<String, OnnxTensor> inputs,
      List<String> names,
      Map<String, DoubleBuffer> sums)
      throws OrtException {
    try (OrtSession.Result result = session.run(inputs)) {
      for (int i = 0; i < names.size(); i++) {
        // Closed with the result it belongs to.
        FloatBuffer part = ((OnnxTensor) result.get(i)).getFloatBuffer();
        add(part, sums.computeIfAbsent(names.get(i), n -> DoubleBuffer.allocate(part.capacity())));
      }
    }
  }

  private static void add(FloatBuffer part, DoubleBuffer sum) {
    if (part.capacity() != sum.capacity()) {
      throw new IllegalStateException(
          "sums of %d and %d".formatted(part.capacity(), sum.capacity()));
    }
    for (int i = 0; i < sum.capacity(); i++) {
      sum.put(i, sum.get(i) + part.get(i));
    }
  }

  private static void requireFinite(String name, DoubleBuffer sum) {
    for (int i = 0; i < sum.capacity(); i++) {
      if (!Double.isFinite(sum.get(i))) {
        throw new InputsNotFinite();
      }
    }
  }
}
