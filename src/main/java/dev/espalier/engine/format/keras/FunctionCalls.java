package dev.espalier.engine.format.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.engine.format.json.Fields;
import dev.espalier.engine.format.keras.ModelSpec.Call;
import dev.espalier.engine.format.keras.ModelSpec.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads calls of functions in Functional models. An author who writes {@code x / 255} or {@code
 * tf.concat(…)} gets an element of class {@code TFOpLambda} that names a public function of
 * TensorFlow (Keras 2), or one whose module is that of {@code keras.ops} (Keras 3). Functions are
 * only known by name: nothing is looked up or run.
 */
final class FunctionCalls {
  private static final String TENSORFLOW_FUNCTION = "TFOpLambda";
  private static final String OPERATIONS = "keras.src.ops.";
  private static final String CONSTANT = "_CONSTANT_VALUE";
  private static final int ARGUMENTS = 3;

  /** Operands that are passed by name, in the functions' order. */
  private static final List<String> NAMED = List.of("x", "x1", "y", "x2", "bias");

  private static final Set<String> WITHOUT_MEANING = Set.of("name");

  private FunctionCalls() {}

  /** Whether an element of a model's list of layers is a function. */
  static boolean isFunction(Fields entry) {
    return entry.text("class_name").orElse("").equals(TENSORFLOW_FUNCTION)
        || entry.raw("module").asText("").startsWith(OPERATIONS);
  }

  /**
   * The calls of a function. Their arguments are {@code function}, its name in lower case; {@code
   * operands}, where {@code {"input": i}} stands for input i and anything else for itself; and
   * {@code options}, the other arguments.
   */
  static List<Call> calls(Fields entry) {
    List<Call> calls = new ArrayList<>();
    for (JsonNode node : entry.raw("inbound_nodes")) {
      calls.add(new Reader(entry).read(node));
    }
    return List.copyOf(calls);
  }

  /** One call being read. */
  private static final class Reader {
    private final Fields entry;
    private final List<Reference> inputs = new ArrayList<>();
    private final ArrayNode operands = JsonNodeFactory.instance.arrayNode();
    private final ObjectNode options = JsonNodeFactory.instance.objectNode();

    Reader(Fields entry) {
      this.entry = entry;
    }

    Call read(JsonNode node) {
      if (node.isObject()) {
        node.path("args").forEach(this::operand);
        named(node.path("kwargs"));
      } else {
        boolean single = node.path(0).isTextual();
        for (JsonNode first : single ? List.of(node) : node) {
          operand(first.path(0).asText().equals(CONSTANT) ? first.path(2) : first);
        }
        named(single ? node.path(ARGUMENTS) : node.path(0).path(ARGUMENTS));
      }
      ObjectNode arguments = JsonNodeFactory.instance.objectNode();
      arguments.put("function", name());
      arguments.set("operands", operands);
      arguments.set("options", options);
      return new Call(List.copyOf(inputs), new Fields(arguments, entry.where()));
    }

    /** {@code math.truediv} is called truediv, {@code TrueDivide} true_divide. */
    private String name() {
      Fields config = entry.requiredObject("config");
      String name = config.text("function").orElse("");
      return name.isEmpty()
          ? entry
              .requiredText("class_name")
              .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_")
              .toLowerCase(Locale.ROOT)
          : name.substring(name.lastIndexOf('.') + 1);
    }

    private void named(JsonNode arguments) {
      for (String name : NAMED) {
        if (!arguments.path(name).isMissingNode()) {
          operand(arguments.path(name));
        }
      }
      for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
        String name = argument.getKey();
        boolean meant = !argument.getValue().isNull() && !WITHOUT_MEANING.contains(name);
        if (meant && !NAMED.contains(name)) {
          options.set(name, argument.getValue());
        }
      }
    }

    private void operand(JsonNode value) {
      List<Reference> found = new ArrayList<>();
      boolean tensors = CallReader.collect(value, found);
      if (!tensors && !found.isEmpty()) {
        throw entry.unsupported("it is called on a mixture of results and constants");
      }
      if (!tensors) {
        operands.add(value);
        return;
      }
      for (Reference reference : found) {
        operands.addObject().put("input", inputs.size());
        inputs.add(reference);
      }
    }
  }
}
