package dev.espalier.engine.calibration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.contract.Task;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.onnx.OnnxReader;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.infer.OutputSums;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A network with samples, and what the reference says of its layers.
 *
 * @param graph the network
 * @param json as the script wrote it
 */
public record CriterionFixture(Graph graph, JsonNode json) implements BatchSource {
  private static final Path DIRECTORY = Path.of("src/test/resources/fixtures/criteria");

  /** The fixture of that name. */
  public static CriterionFixture read(String name) throws IOException {
    return new CriterionFixture(
        OnnxReader.read(DIRECTORY.resolve(name + ".onnx"), FormatLimits.defaults()).graph(),
        new ObjectMapper().readTree(DIRECTORY.resolve(name + ".json").toFile()));
  }

  /** What the reference says of each layer. */
  public List<JsonNode> layers() {
    return StreamSupport.stream(json.get("layers").spliterator(), false).toList();
  }

  /** A layer's kernel. */
  public Parameter kernel(JsonNode layer) {
    String name = layer.get("name").asText();
    return graph.prunable().stream().filter(p -> p.source().equals(name)).findFirst().orElseThrow();
  }

  /** Runs sums over all samples, {@code perRun} at a time; one array of numbers for each sum. */
  public List<DoubleBuffer> run(Calibration.Sums sums, int perRun) {
    int[] all = IntStream.range(0, samples()).toArray();
    Map<String, DoubleBuffer> found =
        new OutputSums(1, perRun).of(sums.graph(), this, all, count -> {});
    return sums.sums().stream().map(sum -> found.get(sum.outputs().get(0))).toList();
  }

  /** Numbers of a field. */
  public static double[] numbers(JsonNode values) {
    return StreamSupport.stream(values.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  @Override
  public Task task() {
    return Task.CLASSIFICATION;
  }

  @Override
  public int samples() {
    return json.get("shape").get(0).asInt();
  }

  @Override
  public Batch batch(int... indices) {
    long[] shape =
        StreamSupport.stream(json.get("shape").spliterator(), false)
            .mapToLong(JsonNode::asLong)
            .toArray();
    int width = (int) Tensor.elements(shape) / samples();
    shape[0] = indices.length;
    Tensor x = Tensor.zeros(DataType.FLOAT, shape);
    for (int i = 0; i < indices.length * width; i++) {
      double value = json.get("x").get(indices[i / width] * width + i % width).asDouble();
      x.floats().put(i, (float) value);
    }
    return new Batch(Map.of("input", x), Tensor.zeros(DataType.INT64, indices.length));
  }
}
