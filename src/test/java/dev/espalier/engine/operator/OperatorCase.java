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
  private final JsonNode json;
  private final List<Value> operands = new ArrayList<>();
  private final Value result;
  private final Step step;

  private OperatorCase(JsonNode json) {
    this.json = json;
    List<String> names = new ArrayList<>();
    for (JsonNode operand : json.get("operands")) {
      names.add("operand" + operands.size());
      Tensor data = tensor(operand);
      operands.add(new Value(data, Tensor.zeros(DataType.FLOAT, data.shape())));
    }
    Map<String, Attribute> attributes = new HashMap<>();
    json.get("attributes")
        .properties()
        .forEach(a -> attributes.put(a.getKey(), attribute(a.getValue())));
    Node node = new Node("n", json.get("operator").asText(), names, List.of("y"), attributes);
    Operator operator = Operators.of(new Site(node, json.get("opset").asInt(), Map.of()));
    long[] shape = operator.shape(operands.stream().map(o -> o.data().shape()).toList());
    result = Value.allocate(true, shape);
    step = ((Operator.Computed) operator).bind(operands, result);
    result.requiredGradient().floats().put(tensor(json.get("cotangent")).floats());
  }

  static Stream<OperatorCase> all() {
    try (InputStream in =
        OperatorCase.class.getResourceAsStream("/fixtures/gradients/operators.json")) {
      JsonNode cases = new ObjectMapper().readTree(in);
      return StreamSupport.stream(cases.spliterator(), false).map(OperatorCase::new);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Attribute attribute(JsonNode value) {
    if (value.isArray()) {
      List<Long> values = new ArrayList<>();
      value.forEach(v -> values.add(v.asLong()));
      return new Attribute.Ints(values);
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
    Tensor tensor = Tensor.zeros(DataType.FLOAT, shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.floats().put(i, (float) json.get("values").get(i).asDouble());
    }
    return tensor;
  }

  List<Value> operands() {
    return operands;
  }

  Tensor forward() {
    step.forward(new SplittableRandom(1));
    return result.data();
  }

  void backward() {
    step.backward();
  }

  /** The sum of the result's elements times the cotangent's: what is differentiated. */
  double objective() {
    float[] y = forward().toFloats();
    float[] c = result.requiredGradient().toFloats();
    return IntStream.range(0, y.length).mapToDouble(i -> (double) y[i] * c[i]).sum();
  }

  Tensor expectedResult() {
    return tensor(json.get("result"));
  }

  Tensor expectedGradient(int operand) {
    return tensor(json.get("gradients").get(operand));
  }

  @Override
  public String toString() {
    return json.get("name").asText();
  }
}
