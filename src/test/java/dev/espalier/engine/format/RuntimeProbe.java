package dev.espalier.engine.format;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs a model in ONNX Runtime. */
public final class RuntimeProbe {
  private RuntimeProbe() {}

  /** The first output, row-major, of a graph as we serialise it. */
  public static float[] run(Graph graph, float[] input, long... shape) throws OrtException {
    return run(OnnxSerializer.serialize(graph), graph.inputs().get(0).name(), input, shape);
  }

  /** All outputs by name, as floats, of a graph as we serialise it. */
  public static Map<String, Tensor> run(Graph graph, Map<String, Tensor> inputs)
      throws OrtException {
    return run(OnnxSerializer.serialize(graph), inputs);
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

  /** All outputs by name, as floats, of an encoded model. */
  public static Map<String, Tensor> run(byte[] model, Map<String, Tensor> inputs)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> fed = new HashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        Tensor tensor = input.getValue();
        fed.put(
            input.getKey(),
            OnnxTensor.createTensor(
                environment, tensor.bytes(), tensor.shape(), type(tensor.type())));
      }
      try (OrtSession session = environment.createSession(model, options);
          OrtSession.Result result = session.run(fed)) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
          outputs.put(output.getKey(), floats((OnnxTensor) output.getValue()));
        }
        return outputs;
      }
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxJavaType type(DataType type) {
    return OnnxJavaType.valueOf(type.name());
  }

  private static Tensor floats(OnnxTensor tensor) {
    DoubleBuffer doubles = tensor.getDoubleBuffer();
    FloatBuffer floats = doubles == null ? tensor.getFloatBuffer() : null;
    float[] values = new float[doubles == null ? floats.remaining() : doubles.remaining()];
    for (int i = 0; i < values.length; i++) {
      values[i] = doubles == null ? floats.get(i) : (float) doubles.get(i);
    }
    return Tensor.of(values, tensor.getInfo().getShape());
  }
}
