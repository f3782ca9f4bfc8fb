package dev.espalier.engine.infer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Forward passes in ONNX Runtime with all outputs of a graph, for what looks inside models. They
 * compute what the operators say, where those that score models may take faster kernels for it.
 */
public final class Forward {
  /** What a model may take for one pass, as for the first on a job's own data. */
  private static final Duration CAP = Duration.ofSeconds(60);

  private Forward() {}

  /**
   * All outputs of a graph for one batch.
   *
   * @param inputs by name
   * @return by name; real numbers as floats
   * @throws Refusal when the graph does not load, does not run on these inputs, or has an output
   *     that is no tensor of numbers
   */
  public static Map<String, Tensor> run(Graph graph, Map<String, Tensor> inputs) {
    return run(graph, List.of(inputs)).get(0);
  }

  /**
   * All outputs of a graph for several batches, one after the other.
   *
   * @param batches of inputs, each by name
   * @return for each batch the outputs by name; real numbers as floats
   * @throws Refusal when the graph does not load, does not run on these inputs, or has an output
   *     that is no tensor of numbers
   */
  public static List<Map<String, Tensor>> run(Graph graph, List<Map<String, Tensor>> batches) {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setDeterministicCompute(true);
      // Kernels for quantised weights quantise what they multiply as well: faster, and inexact.
      options.addConfigEntry("session.disable_quant_qdq", "1");
      try (OrtSession session =
          environment.createSession(OnnxSerializer.serialize(graph), options)) {
        List<Map<String, Tensor>> outputs = new ArrayList<>();
        for (Map<String, Tensor> inputs : batches) {
          outputs.add(run(environment, session, inputs));
        }
        return outputs;
      }
    } catch (OrtException e) {
      throw RuntimeFailure.loading(e);
    }
  }

  private static Map<String, Tensor> run(
      OrtEnvironment environment, OrtSession session, Map<String, Tensor> inputs) {
    Map<String, OnnxTensor> fed = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        fed.put(input.getKey(), Tensors.wrap(environment, input.getValue()));
      }
      return capped(session, fed);
    } catch (OrtException e) {
      throw RuntimeFailure.running(e);
    } finally {
      List.copyOf(fed.values()).forEach(OnnxTensor::close);
    }
  }

  private static Map<String, Tensor> capped(OrtSession session, Map<String, OnnxTensor> fed)
      throws OrtException {
    try (OrtSession.RunOptions options = new OrtSession.RunOptions();
        TimeCap watch = new TimeCap(options, CAP)) {
      try (OrtSession.Result result = session.run(fed, options)) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
          outputs.put(output.getKey(), copy(output.getKey(), output.getValue()));
        }
        return outputs;
      } catch (OrtException e) {
        if (!watch.exceeded()) {
          throw e;
        }
        throw new Refusal(
            ReasonCode.GRAPH_TOO_LARGE,
            "one forward pass takes longer than " + CAP.toSeconds() + " s; prune a smaller model",
            e);
      }
    }
  }

  private static Tensor copy(String name, OnnxValue value) {
    if (!(value instanceof OnnxTensor tensor)) {
      throw new IllegalArgumentException("output '" + name + "' is not a tensor");
    }
    long[] shape = tensor.getInfo().getShape();
    @Nullable DataType integers =
        switch (tensor.getInfo().type) {
          case INT64 -> DataType.INT64;
          case INT32 -> DataType.INT32;
          case INT16 -> DataType.INT16;
          case INT8 -> DataType.INT8;
          case UINT8 -> DataType.UINT8;
          case BOOL -> DataType.BOOL;
          default -> null;
        };
    if (integers != null) {
      Tensor copy = Tensor.zeros(integers, shape);
      copy.bytes().put(tensor.getByteBuffer());
      return copy;
    }
    var floats = Tensors.floats(name, tensor);
    float[] values = new float[floats.remaining()];
    floats.get(values);
    return Tensor.of(values, shape);
  }
}
