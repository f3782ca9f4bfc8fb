package dev.espalier.engine.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** An operator with omitted inputs and several results, with what PyTorch computed for it. */
final class RecurrentCase {
  private final JsonNode json;
  private final Step step;
  private final Map<Integer, Value> operands = new HashMap<>();
  private final List<Value> results = new ArrayList<>();

  private RecurrentCase(JsonNode json) {
    this.json = json;
    List<String> names = new ArrayList<>();
    for (JsonNode input : json.get("inputs")) {
      names.add(input.isNull() ? "" : "operand" + names.size());
    }
    Map<String, Attribute> attributes = new HashMap<>();
    json.get("attributes")
        .properties()
        .forEach(a -> attributes.put(a.getKey(), attribute(a.getValue())));
    Node node = new Node("n", json.get("operator").asText(), names, List.of("y"), attributes);
    Operator operator = Operators.of(new Site(node, 17, Map.of()));
    List<Value> values = operator.operands().stream().map(this::operand).toList();
    List<long[]> shapes = operator.shapes(values.stream().map(v -> v.data().shape()).toList());
    for (int i = 0; i < shapes.size(); i++) {
      JsonNode cotangent = json.get("cotangents").get(i);
      results.add(Value.allocate(!cotangent.isNull(), shapes.get(i)));
      if (!cotangent.isNull()) {
        results.get(i).requiredGradient().bytes().put(tensor(cotangent).bytes());
      }
    }
    step =
        operator instanceof Operator.Multiple multiple
            ? multiple.bind(values, results)
            : ((Operator.Computed) operator).bind(values, results.get(0));
  }

  private Value operand(int position) {
    JsonNode input = json.get("inputs").get(position);
    Tensor data = tensor(input);
    boolean differentiated = data.type() == DataType.FLOAT;
    Value value =
        new Value(data, differentiated ? Tensor.zeros(DataType.FLOAT, data.shape()) : null);
    operands.put(position, value);
    return value;
  }

  static Stream<RecurrentCase> all() {
    try (InputStream in =
        RecurrentCase.class.getResourceAsStream("/fixtures/gradients/recurrent.json")) {
      JsonNode cases = new ObjectMapper().readTree(in);
      return StreamSupport.stream(cases.spliterator(), false).map(RecurrentCase::new);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Attribute attribute(JsonNode value) {
    if (value.isArray()) {
      List<String> names = new ArrayList<>();
      value.forEach(v -> names.add(v.asText()));
      return new Attribute.Texts(names);
    }
    return value.isTextual()
        ? new Attribute.Text(value.asText())
        : new Attribute.Int(value.asLong());
  }

  private static Tensor tensor(JsonNode json) {
    long[] shape =
        IntStream.range(0, json.get("shape").size())
            .mapToLong(i -> json.get("shape").get(i).asLong())
            .toArray();
    String type = json.has("type") ? json.get("type").asText() : "float";
    ByteBuffer bytes =
        ByteBuffer.allocate(json.get("values").size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (JsonNode value : json.get("values")) {
      switch (type) {
        case "int32" -> bytes.putInt(value.asInt());
        case "int64" -> bytes.putLong(value.asLong());
        default -> bytes.putFloat((float) value.asDouble());
      }
    }
    DataType element =
        switch (type) {
          case "int32" -> DataType.INT32;
          case "int64" -> DataType.INT64;
          default -> DataType.FLOAT;
        };
    return Tensor.of(element, bytes.flip().order(ByteOrder.LITTLE_ENDIAN), shape);
  }

  void play() {
    step.forward(new SplittableRandom(1));
    step.backward();
  }

  List<Value> results() {
    return results;
  }

  /** The operands by position. */
  Map<Integer, Value> operands() {
    return operands;
  }

  Tensor expectedResult(int i) {
    return tensor(json.get("results").get(i));
  }

  /** PyTorch's gradient by an operand; null for integers. */
  @Nullable Tensor expectedGradient(int position) {
    JsonNode gradient = json.get("gradients").get(position);
    return gradient.isNull() ? null : tensor(gradient);
  }

  @Override
  public String toString() {
    return json.get("name").asText();
  }
}
