package dev.espalier.engine.format;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/** Runs a model in ONNX Runtime. */
public final class RuntimeProbe {
  private RuntimeProbe() {}

  /** The first output, row-major, of a graph as we serialise it. */
  public static float[] run(Graph graph, float[] input, long... shape) throws OrtException {
    return run(OnnxSerializer.serialize(graph), graph.inputs().get(0).name(), input, shape);
  }

  /** All float outputs by name of a graph as we serialise it, for float inputs by name. */
  public static Map<String, Tensor> run(Graph graph, Map<String, Tensor> inputs)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> fed = new HashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        FloatBuffer values = FloatBuffer.wrap(input.getValue().toFloats());
        fed.put(
            input.getKey(), OnnxTensor.createTensor(environment, values, input.getValue().shape()));
      }
      try (OrtSession session =
              environment.createSession(OnnxSerializer.serialize(graph), options);
          OrtSession.Result result = session.run(fed)) {
        Map<String, Tensor> outputs = new HashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
          OnnxTensor tensor = (OnnxTensor) output.getValue();
          float[] values = new float[tensor.getFloatBuffer().remaining()];
          tensor.getFloatBuffer().get(values);
          outputs.put(output.getKey(), Tensor.of(values, tensor.getInfo().getShape()));
        }
        return outputs;
      }
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }

  /** The first output, row-major, of an encoded model. */
  public static float[] run(byte[] model, String name, float[] input, long... shape)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(model, options);
          OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(input), shape);
          OrtSession.Result result = session.run(Map.of(name, tensor))) {
        FloatBuffer output = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] values = new float[output.remaining()];
        output.get(values);
        return values;
      }
    }
  }
}
