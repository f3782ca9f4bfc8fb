package dev.espalier.engine.format.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The places where a configuration repeats the shapes that flow between layers: {@code
 * build_config}, from which Keras 3 builds layers before it loads their weights, the tensors that
 * calls name, and the inputs of nested models.
 */
final class ShapeFields {
  private static final String BUILD = "build_config";
  private static final String TENSOR = "__keras_tensor__";
  private static final List<String> INPUT_SHAPES = List.of("batch_input_shape", "batch_shape");

  private final CallShapes before;
  private final CallShapes after;

  ShapeFields(CallShapes before, CallShapes after) {
    this.before = before;
    this.after = after;
  }

  /** A shape and what it becomes. */
  private record Change(List<Long> from, List<Long> to) {
    /** What a wrapper that goes through time calls its layer on. */
    Change withoutTime() {
      return new Change(withoutTime(from), withoutTime(to));
    }

    private static List<Long> withoutTime(List<Long> shape) {
      List<Long> step = new ArrayList<>(shape);
      step.remove(1);
      return step;
    }
  }

  /** Updates a model's layers, and those of models in it. */
  void apply(ModelSpec model, String prefix) {
    for (ModelSpec.Layer layer : model.layers()) {
      String name = prefix + layer.name();
      List<Change> inputs = changes(before.inputs(name), after.inputs(name));
      boolean isInput = Inputs.isInput(layer);
      List<Change> own = isInput ? changes(before.outputs(name), after.outputs(name)) : inputs;
      for (String field : INPUT_SHAPES) {
        replace(layer.config().raw(field), own);
      }
      List<Change> builds = new ArrayList<>(inputs);
      if (layer.className().equals("TimeDistributed")) {
        inputs.forEach(change -> builds.add(change.withoutTime()));
      }
      replace(layer.entry().raw(BUILD), builds);
      tensors(layer.entry().raw("inbound_nodes"), prefix);
      if (layer.model().isPresent()) {
        replace(layer.config().raw("build_input_shape"), inputs);
        apply(layer.model().get(), name + "/");
      } else {
        wrapped(layer.config().node(), builds);
      }
    }
  }

  private static List<Change> changes(List<List<Long>> from, List<List<Long>> to) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < Math.min(from.size(), to.size()); i++) {
      changes.add(new Change(from.get(i), to.get(i)));
    }
    return changes;
  }

  /** Layers within a layer's settings have been built as well. */
  private static void wrapped(JsonNode node, List<Change> changes) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (field.getKey().equals(BUILD)) {
        replace(field.getValue(), changes);
      } else {
        wrapped(field.getValue(), changes);
      }
    }
  }

  /**
   * Replaces shapes wherever they stand in a structure. Where several inputs had the same shape,
   * they are taken in turn.
   */
  private static void replace(JsonNode node, List<Change> changes) {
    replace(node, changes, new ArrayList<>(changes));
  }

  private static void replace(JsonNode node, List<Change> changes, List<Change> unused) {
    for (List<Change> among : List.of(unused, changes)) {
      for (Change change : among) {
        if (node instanceof ArrayNode array && isShape(array, change.from())) {
          put(array, change.to());
          unused.remove(change);
          return;
        }
      }
    }
    for (JsonNode child : node) {
      replace(child, changes, unused);
    }
  }

  private static boolean isShape(ArrayNode array, List<Long> shape) {
    if (array.size() != shape.size()) {
      return false;
    }
    for (int axis = 0; axis < shape.size(); axis++) {
      JsonNode size = array.get(axis);
      long value = size.isNull() ? ValueInfo.UNKNOWN : size.asLong(Long.MIN_VALUE);
      if (value != shape.get(axis)) {
        return false;
      }
    }
    return true;
  }

  private static void put(ArrayNode array, List<Long> shape) {
    array.removeAll();
    for (long size : shape) {
      if (size == ValueInfo.UNKNOWN) {
        array.addNull();
      } else {
        array.add((int) size);
      }
    }
  }

  private void tensors(JsonNode node, String prefix) {
    JsonNode config = node.path("config");
    if (node.path("class_name").asText("").equals(TENSOR) && config instanceof ObjectNode tensor) {
      JsonNode history = tensor.path("keras_history");
      String source = prefix + history.path(0).asText();
      int result = history.path(2).asInt();
      List<Change> all = changes(before.outputs(source), after.outputs(source));
      if (result < all.size()) {
        replace(tensor.path("shape"), List.of(all.get(result)));
      }
      return;
    }
    for (JsonNode child : node) {
      tensors(child, prefix);
    }
  }
}
