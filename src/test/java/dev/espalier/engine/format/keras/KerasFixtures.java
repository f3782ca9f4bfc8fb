package dev.espalier.engine.format.keras;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.ValueInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that {@code make_keras_file_fixtures.py} wrote, with inputs and the outputs that an
 * independent reader computed from each file.
 */
final class KerasFixtures {
  static final Path FILES = Path.of("src/test/resources/fixtures/keras/files");

  private KerasFixtures() {}

  /** Elements in row-major order with their shape. */
  record Values(List<Long> shape, List<Float> elements) {}

  /** A file, what goes in by name of the graph's input, and what must come out. */
  record Case(String name, Map<String, Values> inputs, List<Values> outputs) {
    Path file() {
      return FILES.resolve(name);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> all() throws IOException {
    try (InputStream in =
        KerasFixtures.class.getResourceAsStream("/fixtures/keras/files/expected.json")) {
      List<Case> cases = new ArrayList<>();
      for (Map.Entry<String, JsonNode> file : new ObjectMapper().readTree(in).properties()) {
        cases.add(read(file.getKey(), file.getValue()));
      }
      return cases;
    }
  }

  /** A case as scripts describe it. */
  static Case read(String name, JsonNode described) {
    Map<String, Values> inputs = new LinkedHashMap<>();
    described
        .path("inputs")
        .properties()
        .forEach(input -> inputs.put(input.getKey(), values(input.getValue())));
    List<Values> outputs = new ArrayList<>();
    described.path("outputs").forEach(output -> outputs.add(values(output)));
    return new Case(name, inputs, outputs);
  }

  static Case named(String name) throws IOException {
    return all().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  private static Values values(JsonNode node) {
    List<Long> shape = new ArrayList<>();
    node.path("shape").forEach(size -> shape.add(size.longValue()));
    List<Float> elements = new ArrayList<>();
    node.path("values").forEach(element -> elements.add(element.floatValue()));
    return new Values(shape, elements);
  }

  static SourceModel open(Path file) throws IOException {
    return FormatDetector.open(file, null, FormatLimits.defaults());
  }

  /** All outputs of a graph in ONNX Runtime. */
  static List<Values> run(Graph graph, Map<String, Values> inputs) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      for (ValueInfo input : graph.inputs()) {
        Values given = inputs.get(input.name());
        FloatBuffer elements = FloatBuffer.allocate(given.elements().size());
        given.elements().forEach(elements::put);
        long[] shape = given.shape().stream().mapToLong(Long::longValue).toArray();
        tensors.put(input.name(), OnnxTensor.createTensor(environment, elements.flip(), shape));
      }
      try (OrtSession session =
              environment.createSession(OnnxSerializer.serialize(graph), options);
          OrtSession.Result result = session.run(tensors)) {
        List<Values> outputs = new ArrayList<>();
        for (ValueInfo output : graph.outputs()) {
          outputs.add(values((OnnxTensor) result.get(output.name()).orElseThrow()));
        }
        return outputs;
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private static Values values(OnnxTensor tensor) {
    List<Float> elements = new ArrayList<>();
    FloatBuffer buffer = tensor.getFloatBuffer();
    while (buffer.hasRemaining()) {
      elements.add(buffer.get());
    }
    List<Long> shape = java.util.Arrays.stream(tensor.getInfo().getShape()).boxed().toList();
    return new Values(shape, elements);
  }
}
