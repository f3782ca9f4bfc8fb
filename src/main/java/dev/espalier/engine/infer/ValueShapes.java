package dev.espalier.engine.infer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Shapes of a model's values, as ONNX Runtime finds them in a forward pass. */
public final class ValueShapes {
  private ValueShapes() {}

  /**
   * Shapes by value name, of one sample or, where the model takes a fixed number, as many; those
   * that {@link Macs} asks for. Empty when ONNX Runtime does not run the model.
   */
  public static Map<String, long[]> of(Graph graph, BatchSource data, int threads) {
    try {
      return found(graph, data, threads);
    } catch (OrtException | Refusal e) {
      return Map.of();
    }
  }

  private static Map<String, long[]> found(Graph graph, BatchSource data, int threads)
      throws OrtException {
    Set<String> wanted = new LinkedHashSet<>();
    graph.nodes().forEach(node -> wanted.addAll(node.outputs()));
    wanted.retainAll(Macs.deciding(graph));
    OrtEnvironment environment = OnnxSession.environment();
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    Map<String, long[]> shapes = new HashMap<>();
    byte[] model = OnnxSerializer.serialize(graph, wanted);
    try (OrtSession session = OnnxSession.load(environment, model, threads)) {
      for (Map.Entry<String, Tensor> input :
          data.batch(Chunks.of(graph).at(0, 0)).inputs().entrySet()) {
        shapes.put(input.getKey(), input.getValue().shape());
        inputs.put(input.getKey(), Tensors.wrap(environment, input.getValue()));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        for (Map.Entry<String, OnnxValue> value : result) {
          if (value.getValue() instanceof OnnxTensor tensor) {
            shapes.put(value.getKey(), tensor.getInfo().getShape());
          }
        }
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
    return shapes;
  }
}
