package dev.espalier.engine.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A network of networks.json.
 *
 * @param json what PyTorch computes for it
 */
record FixtureNetwork(JsonNode json) {
  static FixtureNetwork of(String name) throws IOException {
    for (JsonNode network : read("networks")) {
      if (network.get("name").asText().equals(name)) {
        return new FixtureNetwork(network);
      }
    }
    throw new IllegalArgumentException(name);
  }

  /** A file of the gradients' fixtures. */
  static JsonNode read(String file) throws IOException {
    String path = "/fixtures/gradients/" + file + ".json";
    try (InputStream in = FixtureNetwork.class.getResourceAsStream(path)) {
      return new ObjectMapper().readTree(in);
    }
  }

  Graph graph() {
    Graph graph = json.get("name").asText().equals("cnn") ? cnn() : mlp();
    return graph.with(tensors(json.get("parameters")));
  }

  private static Graph cnn() {
    Attribute two = new Attribute.Ints(List.of(2L, 2L));
    Map<String, Attribute> pool = Map.of("kernel_shape", two, "strides", two);
    Attribute one = new Attribute.Ints(List.of(1L, 1L, 1L, 1L));
    return Models.of(2, 12, 13)
        .conv("conv1", Map.of("pads", one), 4, 2, 3, 3)
        .then("Relu")
        .then("MaxPool", pool)
        .conv("conv2", Map.of(), 6, 4, 3, 3)
        .then("Relu")
        .then("AveragePool", pool)
        .then("Flatten")
        .dense("fc1", 24, 8)
        .then("Sigmoid")
        .dense("fc2", 8, 5)
        .build();
  }

  private static Graph mlp() {
    return Models.of(6)
        .dense("fc1", 6, 7)
        .then("Tanh")
        .dense("fc2", 7, 7)
        .then("Sigmoid")
        .dense("fc3", 7, 4)
        .then("LogSoftmax")
        .build();
  }

  Samples samples() {
    JsonNode y = json.get("y");
    long[] labels = IntStream.range(0, y.size()).mapToLong(i -> y.get(i).asLong()).toArray();
    return new Samples(tensor(json.get("x")), Tensor.of(labels, labels.length));
  }

  static Map<String, Tensor> tensors(JsonNode json) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    json.properties().forEach(entry -> tensors.put(entry.getKey(), tensor(entry.getValue())));
    return tensors;
  }

  static Tensor tensor(JsonNode json) {
    long[] shape =
        IntStream.range(0, json.get("shape").size())
            .mapToLong(i -> json.get("shape").get(i).asLong())
            .toArray();
    Tensor tensor = Tensor.zeros(DataType.FLOAT, shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.floats().put(i, (float) json.get("values").get(i).asDouble());
    }
    return tensor;
  }
}
