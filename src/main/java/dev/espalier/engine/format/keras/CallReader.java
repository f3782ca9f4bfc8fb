package dev.espalier.engine.format.keras;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.engine.format.json.Fields;
import dev.espalier.engine.format.keras.ModelSpec.Call;
import dev.espalier.engine.format.keras.ModelSpec.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads on what layers of a Functional model are called. Keras 2 stores per call a list of {@code
 * [layer, node, tensor, arguments]}; Keras 3 the arguments of the call, in which tensors stand as
 * {@code __keras_tensor__} with their {@code keras_history}.
 */
final class CallReader {
  private static final String TENSOR = "__keras_tensor__";
  private static final int REFERENCE = 3;

  /** Tensors that may also be passed by name, in the order in which layers take them. */
  private static final List<String> NAMED_INPUTS =
      List.of("inputs", "sequences", "query", "value", "key", "x", "input", "initial_state");

  /** Arguments that lowerings of layers read themselves. */
  private static final Set<String> LEFT_TO_LAYERS = Set.of("use_causal_mask");

  private CallReader() {}

  /** The calls of a layer; none for input layers. */
  static List<Call> calls(Fields entry) {
    JsonNode nodes = entry.raw("inbound_nodes");
    List<Call> calls = new ArrayList<>();
    for (JsonNode node : nodes) {
      calls.add(node.isObject() ? keras3(node, entry) : keras2(node, entry));
    }
    return List.copyOf(calls);
  }

  private static Call keras2(JsonNode node, Fields entry) {
    List<Reference> inputs = new ArrayList<>();
    Fields arguments = new Fields(node, entry.where());
    if (isReference(node)) {
      inputs.add(reference(node));
      arguments = new Fields(node.path(REFERENCE), entry.where());
    } else {
      for (JsonNode input : node) {
        if (!isReference(input)) {
          throw entry.unsupported("it is called on something other than results of layers");
        }
        inputs.add(reference(input));
        if (input.path(REFERENCE).size() > 0) {
          arguments = new Fields(input.path(REFERENCE), entry.where());
        }
      }
    }
    collectNamed(arguments, inputs);
    requirePlain(arguments, entry);
    return new Call(List.copyOf(inputs), arguments);
  }

  private static void collectNamed(Fields arguments, List<Reference> inputs) {
    NAMED_INPUTS.forEach(name -> collect(arguments.raw(name), inputs));
  }

  private static Call keras3(JsonNode node, Fields entry) {
    List<Reference> inputs = new ArrayList<>();
    for (JsonNode argument : node.path("args")) {
      if (!collect(argument, inputs) && !argument.isNull()) {
        throw entry.unsupported("it is called with a constant, " + excerpt(argument));
      }
    }
    Fields arguments = new Fields(node.path("kwargs"), entry.where());
    collectNamed(arguments, inputs);
    requirePlain(arguments, entry);
    return new Call(List.copyOf(inputs), arguments);
  }

  private static String excerpt(JsonNode value) {
    String text = value.toString();
    return text.substring(0, Math.min(60, text.length()));
  }

  /** Refuses calls that depend on more than their inputs. */
  private static void requirePlain(Fields arguments, Fields entry) {
    for (Map.Entry<String, JsonNode> argument : arguments.entries()) {
      String name = argument.getKey();
      boolean unset =
          argument.getValue().isNull()
              || NAMED_INPUTS.contains(name)
              || LEFT_TO_LAYERS.contains(name);
      boolean off = argument.getValue().isBoolean() && !argument.getValue().booleanValue();
      if (!unset && !off) {
        throw entry.unsupported(
            "it is called with %s=%s, which is not supported"
                .formatted(name, excerpt(argument.getValue())));
      }
    }
  }

  /**
   * Finds the results of layers in a structure of lists and objects.
   *
   * @return whether there were only such results, and at least one
   */
  static boolean collect(JsonNode value, List<Reference> found) {
    if (isReference(value)) {
      return found.add(reference(value));
    }
    if (value.isObject() && value.path("class_name").asText("").equals(TENSOR)) {
      JsonNode history = value.path("config").path("keras_history");
      return isReference(history) && found.add(reference(history));
    }
    if (!value.isContainerNode() || value.isEmpty()) {
      return false;
    }
    boolean all = true;
    for (JsonNode item : value) {
      all &= collect(item, found);
    }
    return all;
  }

  private static boolean isReference(JsonNode value) {
    return value.isArray()
        && value.size() >= REFERENCE
        && value.get(0).isTextual()
        && value.get(1).canConvertToInt()
        && value.get(2).canConvertToInt();
  }

  private static Reference reference(JsonNode value) {
    return new Reference(
        value.get(0).textValue(), value.get(1).intValue(), value.get(2).intValue());
  }
}
