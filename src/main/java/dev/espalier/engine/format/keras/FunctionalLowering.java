package dev.espalier.engine.format.keras;

import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.keras.ModelSpec.Call;
import dev.espalier.engine.format.keras.ModelSpec.Layer;
import dev.espalier.engine.format.keras.ModelSpec.Reference;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lowers one Functional model: layers in an order in which what they are called on is there. */
final class FunctionalLowering {
  private final ModelLowering lowering;
  private final ModelSpec model;
  private final List<Value> given;
  private final ModelLowering.Scope scope;
  private final Map<String, Integer> index = new LinkedHashMap<>();
  private final Map<String, List<Value>> results = new HashMap<>();

  FunctionalLowering(
      ModelLowering lowering, ModelSpec model, List<Value> given, ModelLowering.Scope scope) {
    this.lowering = lowering;
    this.model = model;
    this.given = given;
    this.scope = scope;
    for (int i = 0; i < model.layers().size(); i++) {
      Layer layer = model.layers().get(i);
      if (index.put(layer.name(), i) != null) {
        throw layer.config().malformed("another layer has the same name");
      }
    }
  }

  List<Value> lower() {
    feed();
    for (int next : order()) {
      Layer layer = model.layers().get(next);
      if (!results.containsKey(layer.name())) {
        Call call = layer.calls().get(0);
        List<Value> inputs = call.inputs().stream().map(this::value).toList();
        results.put(layer.name(), lowering.call(model, next, inputs, call.arguments(), scope));
      }
    }
    return model.outputs().stream().map(this::value).toList();
  }

  /**
   * Inputs of the outermost model become the graph's, in the order in which the model takes them.
   */
  private void feed() {
    List<Reference> inputs = model.inputs();
    if (!given.isEmpty() && given.size() != inputs.size()) {
      throw malformed(
          "takes %d inputs, but is called on %d".formatted(inputs.size(), given.size()));
    }
    for (int i = 0; i < inputs.size(); i++) {
      Layer layer = layer(inputs.get(i).layer());
      if (!Inputs.isInput(layer)) {
        throw layer.config().malformed("the model names it as an input, but it is no input layer");
      }
      List<Value> value = given.isEmpty() ? List.of() : List.of(given.get(i));
      results.put(layer.name(), lowering.input(layer, value, scope));
    }
  }

  /** The layers that outputs depend on, each after what it is called on (Kahn's algorithm). */
  private List<Integer> order() {
    Set<String> needed = needed();
    Map<String, Integer> waiting = new HashMap<>();
    Map<String, List<String>> users = new HashMap<>();
    Deque<String> ready = new ArrayDeque<>();
    for (String name : index.keySet()) {
      if (!needed.contains(name)) {
        continue;
      }
      Set<String> sources = sources(layer(name));
      waiting.put(name, sources.size());
      sources.forEach(s -> users.computeIfAbsent(s, key -> new ArrayList<>()).add(name));
      if (sources.isEmpty()) {
        ready.add(name);
      }
    }
    List<Integer> order = new ArrayList<>();
    while (!ready.isEmpty()) {
      String name = ready.remove();
      order.add(index.get(name));
      for (String user : users.getOrDefault(name, List.of())) {
        if (waiting.merge(user, -1, Integer::sum) == 0) {
          ready.add(user);
        }
      }
    }
    if (order.size() != needed.size()) {
      throw malformed("has layers that are called on their own results");
    }
    return order;
  }

  private Set<String> needed() {
    Set<String> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>();
    model.outputs().forEach(output -> open.add(output.layer()));
    while (!open.isEmpty()) {
      String name = open.remove();
      if (needed.add(name)) {
        open.addAll(sources(layer(name)));
      }
    }
    return needed;
  }

  private Set<String> sources(Layer layer) {
    Set<String> sources = new HashSet<>();
    if (!results.containsKey(layer.name())) {
      onlyCall(layer).inputs().forEach(input -> sources.add(input.layer()));
    }
    return sources;
  }

  private static Call onlyCall(Layer layer) {
    if (layer.calls().size() > 1) {
      throw layer
          .config()
          .unsupported(
              "it is called %d times: layers shared between several places are not supported"
                  .formatted(layer.calls().size()));
    }
    if (layer.calls().isEmpty() || layer.calls().get(0).inputs().isEmpty()) {
      throw layer.config().malformed("it is called on nothing");
    }
    return layer.calls().get(0);
  }

  private Layer layer(String name) {
    Integer at = index.get(name);
    if (at == null) {
      throw malformed("refers to layer '" + name + "', which it does not have");
    }
    return model.layers().get(at);
  }

  private Value value(Reference reference) {
    List<Value> values = results.getOrDefault(reference.layer(), List.of());
    if (reference.tensor() < 0 || reference.tensor() >= values.size()) {
      throw malformed(
          "refers to result %d of layer '%s', which has %d"
              .formatted(reference.tensor(), reference.layer(), values.size()));
    }
    return values.get(reference.tensor());
  }

  private Refusal malformed(String what) {
    return new Refusal(MODEL_MALFORMED, "model '" + model.name() + "' " + what);
  }
}
