package dev.espalier.engine.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** One operator on fixed operands, with what PyTorch computed for it. */
final class OperatorCase {
  private static final List<String> FAMILIES =
      List.of(
          "convolution",
          "elementwise",
          "movement",
          "normalisation",
          "pooling",
          "product",
          "reduction");

  private final JsonNode json;
  private final List<Value> operands = new ArrayList<>();
  private final List<Value> fixed = new ArrayList<>();
  private final List<Value> results = new ArrayList<>();
  private final Step step;

  private OperatorCase(JsonNode json) {
    this.json = json;
    Map<String, Value> values = new HashMap<>();
    Map<String, Tensor> constants = new HashMap<>();
    for (JsonNode operand : json.get("operands")) {
      Tensor data = tensor(operand);
      Value value = new Value(data, Tensor.zeros(DataType.FLOAT, data.shape()));
      values.put("o" + operands.size(), value);
      operands.add(value);
    }
    for (JsonNode state : json.get("fixed")) {
      values.put("f" + fixed.size(), new Value(tensor(state), null));
      fixed.add(values.get("f" + fixed.size()));
    }
    for (JsonNode constant : json.get("constants")) {
      String name = "c" + constants.size();
      constants.put(name, tensor(constant));
      values.put(name, new Value(constants.get(name), null));
    }
    List<String> outputs =
        IntStream.range(0, json.get("results").size()).mapToObj(i -> "y" + i).toList();
    Node node = new Node("n", operatorName(json), strings(json), outputs, attributes(json));
    Operator operator = Operators.of(new Site(node, json.get("opset").asInt(), constants));
    List<Value> read =
        operator.operands().stream().map(i -> values.get(node.inputs().get(i))).toList();
    for (long[] shape : operator.shapes(read.stream().map(o -> o.data().shape()).toList())) {
      results.add(Value.allocate(true, shape));
    }
    step =
        operator instanceof Operator.Multiple multiple
            ? multiple.bind(read, results)
            : ((Operator.Computed) operator).bind(read, results.get(0));
    for (int i = 0; i < results.size(); i++) {
      results
          .get(i)
          .requiredGradient()
          .floats()
          .put(tensor(json.get("cotangents").get(i)).floats());
    }
  }

  static Stream<OperatorCase> all() {
    return FAMILIES.stream().flatMap(OperatorCase::family);
  }

  private static Stream<OperatorCase> family(String name) {
    String resource = "/fixtures/gradients/operators/" + name + ".json";
    try (InputStream in = OperatorCase.class.getResourceAsStream(resource)) {
      JsonNode cases = new ObjectMapper().readTree(in);
      return StreamSupport.stream(cases.spliterator(), false).map(OperatorCase::new);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String operatorName(JsonNode json) {
    return json.get("operator").asText();
  }

  private static List<String> strings(JsonNode json) {
    List<String> inputs = new ArrayList<>();
    json.get("inputs").forEach(name -> inputs.add(name.asText()));
    return inputs;
  }

  private static Map<String, Attribute> attributes(JsonNode json) {
    Map<String, Attribute> attributes = new HashMap<>();
    json.get("attributes")
        .properties()
        .forEach(a -> attributes.put(a.getKey(), attribute(a.getValue())));
    return attributes;
  }

  private static Attribute attribute(JsonNode value) {
    if (value.isArray() && value.get(0).isIntegralNumber()) {
      List<Long> values = new ArrayList<>();
      value.forEach(v -> values.add(v.asLong()));
      return new Attribute.Ints(values);
    } else if (value.isArray()) {
      List<Float> values = new ArrayList<>();
      value.forEach(v -> values.add((float) v.asDouble()));
      return new Attribute.Reals(values);
    } else if (value.isTextual()) {
      return new Attribute.Text(value.asText());
    }
    return value.isInt()
        ? new Attribute.Int(value.asLong())
        : new Attribute.Real((float) value.asDouble());
  }

  static Tensor tensor(JsonNode json) {
    long[] shape =
        IntStream.range(0, json.get("shape").size())
            .mapToLong(i -> json.get("shape").get(i).asLong())
            .toArray();
    DataType type = json.has("type") ? DataType.valueOf(json.get("type").asText()) : DataType.FLOAT;
    double[] values =
        StreamSupport.stream(json.get("values").spliterator(), false)
            .mapToDouble(v -> v.isBoolean() ? (v.asBoolean() ? 1 : 0) : v.asDouble())
            .toArray();
    return Numbers.tensor(type, values, shape);
  }

  List<Value> operands() {
    return operands;
  }

  List<Value> fixed() {
    return fixed;
  }

  List<Tensor> forward() {
    step.forward(new SplittableRandom(1));
    return results.stream().map(Value::data).toList();
  }

  void backward() {
    step.backward();
  }

  /** The sum of the results' elements times the cotangents': what is differentiated. */
  double objective() {
    forward();
    double sum = 0;
    for (Value result : results) {
      float[] y = result.data().toFloats();
      float[] c = result.requiredGradient().toFloats();
      sum += IntStream.range(0, y.length).mapToDouble(i -> (double) y[i] * c[i]).sum();
    }
    return sum;
  }

  List<Tensor> expectedResults() {
    return tensors("results");
  }

  List<Tensor> expectedGradients() {
    return tensors("gradients");
  }

  /** What tensors that are read without being differentiated hold after one forward pass. */
  List<Tensor> expectedFixed() {
    return tensors("fixedAfter");
  }

  private List<Tensor> tensors(String name) {
    return StreamSupport.stream(json.get(name).spliterator(), false)
        .map(OperatorCase::tensor)
        .toList();
  }

  @Override
  public String toString() {
    return json.get("name").asText();
  }
}
