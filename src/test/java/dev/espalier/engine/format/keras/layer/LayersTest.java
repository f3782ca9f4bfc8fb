package dev.espalier.engine.format.keras.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.keras.layer.LayerModels.Case;
import dev.espalier.engine.format.keras.layer.LayerModels.Values;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every layer and option against an independent forward pass: {@code keras_reference.py}, which
 * reads the same file with h5py and computes with NumPy and PyTorch.
 */
class LayersTest {
  private static final float TOLERANCE = 1e-4f;

  @TempDir Path directory;

  static List<Case> cases() throws IOException {
    return LayerModels.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldGiveTheOutputOfTheIndependentReaderWhenRunInOnnxRuntime(Case model)
      throws IOException, OrtException {
    Graph graph = model.open(directory).graph();

    Values output = run(graph, model.inputsOf(graph));
    assertThat(output.shape()).isEqualTo(model.output().shape());
    assertThat(declared(graph, output.shape())).isEqualTo(output.shape());
    for (int i = 0; i < output.elements().length; i++) {
      float expected = model.output().elements()[i];
      assertThat(output.elements()[i])
          .as("element %d", i)
          .isCloseTo(expected, within(TOLERANCE * Math.max(1, Math.abs(expected))));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldReadBackEveryWeightWhenAllWereReplaced(Case model) throws IOException {
    SourceModel read = model.open(directory);
    Map<String, Tensor> replaced = new LinkedHashMap<>();
    for (Parameter parameter : read.graph().parameters()) {
      replaced.put(parameter.tensor(), numbered(read.graph().tensor(parameter)));
    }
    Path written = directory.resolve("written." + model.suffix());

    read.write(replaced, written);

    Graph again = FormatDetector.open(written, null, FormatLimits.defaults()).graph();
    assertThat(again.parameters()).isEqualTo(read.graph().parameters());
    assertThat(again.nodes()).isEqualTo(read.graph().nodes());
    replaced.forEach(
        (name, tensor) -> {
          Tensor found = again.initializers().get(name);
          assertThat(found.shape()).as(name).isEqualTo(tensor.shape());
          assertThat(found.toFloats()).as(name).isEqualTo(tensor.toFloats());
        });
  }

  /** The same tensor with other elements, no two alike. */
  private static Tensor numbered(Tensor tensor) {
    Tensor numbered = Tensor.zeros(tensor.type(), tensor.shape());
    for (int i = 0; i < numbered.size(); i++) {
      numbered.floats().put(i, i + 0.5f);
    }
    return numbered;
  }

  @Test
  void shouldHaveAModelForEveryClassWhenALayerIsAdded() throws IOException {
    String all =
        LayerModels.all().stream()
            .map(model -> new String(model.model(), java.nio.charset.StandardCharsets.ISO_8859_1))
            .reduce("", String::concat);
    TreeSet<String> missing = new TreeSet<>(Layers.classes());
    missing.remove(Layers.FUNCTION); // stands for classes that are functions
    missing.removeIf(type -> all.contains("\"class_name\": \"" + type + "\""));

    assertThat(missing).isEmpty();
  }

  /** The shape that the graph declares for its output, with open sizes filled in. */
  private static List<Long> declared(Graph graph, List<Long> actual) {
    List<Long> shape = new ArrayList<>(graph.outputs().get(0).dimensions());
    for (int axis = 0; axis < Math.min(shape.size(), actual.size()); axis++) {
      if (shape.get(axis) == ValueInfo.UNKNOWN) {
        shape.set(axis, actual.get(axis));
      }
    }
    return shape;
  }

  private static Values run(Graph graph, Map<String, Tensor> inputs) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        tensors.put(input.getKey(), wrap(environment, input.getValue()));
      }
      byte[] encoded = OnnxSerializer.serialize(graph);
      try (OrtSession session = environment.createSession(encoded, options);
          OrtSession.Result result = session.run(tensors)) {
        OnnxTensor output = (OnnxTensor) result.get(0);
        FloatBuffer buffer = output.getFloatBuffer();
        float[] elements = new float[buffer.remaining()];
        buffer.get(elements);
        List<Long> shape = Arrays.stream(output.getInfo().getShape()).boxed().toList();
        return new Values(shape, elements);
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor wrap(OrtEnvironment environment, Tensor tensor) throws OrtException {
    return switch (tensor.type()) {
      case FLOAT -> OnnxTensor.createTensor(environment, tensor.floats(), tensor.shape());
      case INT32 -> OnnxTensor.createTensor(environment, tensor.ints(), tensor.shape());
      case INT64 -> OnnxTensor.createTensor(environment, tensor.longs(), tensor.shape());
      default -> throw new IllegalArgumentException("no such input: " + tensor);
    };
  }
}
