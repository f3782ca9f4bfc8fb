package dev.espalier.engine.format.keras;

import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;
import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.json.Fields;
import dev.espalier.engine.format.keras.ModelSpec.Layer;
import dev.espalier.engine.format.keras.layer.Layers;
import dev.espalier.engine.format.keras.lowering.GraphBuilder;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.LayerSpec;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.ArrayList;
import java.util.List;

/** Lowers a model and those nested in it, which are dissolved into the one graph. */
final class ModelLowering {
  private final GraphBuilder graph;
  private final WeightPlaces places;
  private final WeightRequests requests;
  private final CallShapes shapes;
  private final int kerasMajor;
  private final FormatLimits limits;

  ModelLowering(
      GraphBuilder graph,
      WeightPlaces places,
      WeightRequests requests,
      CallShapes shapes,
      int kerasMajor,
      FormatLimits limits) {
    this.graph = graph;
    this.places = places;
    this.requests = requests;
    this.shapes = shapes;
    this.kerasMajor = kerasMajor;
    this.limits = limits;
  }

  /**
   * Where a model stands.
   *
   * @param prefix of its layers' names in reports
   * @param place of its layers' weights
   * @param trainable whether all models around it are trained
   */
  record Scope(String prefix, String place, boolean trainable) {
    Scope within(Layer layer, String itsPlace) {
      return new Scope(prefix + layer.name() + "/", itsPlace, trainable && layer.trainable());
    }
  }

  /** Lowers the outermost model: declares its inputs and outputs. */
  void lower(ModelSpec model) {
    Scope scope = new Scope("", places.root(), true);
    List<Value> results = lower(model, List.of(), scope);
    List<String> names = outputNames(model);
    for (int i = 0; i < results.size(); i++) {
      graph.output(names.get(Math.min(i, names.size() - 1)), results.get(i));
    }
  }

  private static List<String> outputNames(ModelSpec model) {
    if (!model.sequential()) {
      return model.outputs().stream().map(ModelSpec.Reference::layer).toList();
    }
    return List.of(model.layers().get(model.layers().size() - 1).name());
  }

  /** Lowers a model on values; the outermost, on none, declares inputs instead. */
  List<Value> lower(ModelSpec model, List<Value> values, Scope scope) {
    return model.sequential()
        ? sequential(model, values, scope)
        : new FunctionalLowering(this, model, values, scope).lower();
  }

  private List<Value> sequential(ModelSpec model, List<Value> values, Scope scope) {
    List<Value> flowing = values;
    for (int i = 0; i < model.layers().size(); i++) {
      Layer layer = model.layers().get(i);
      if (Inputs.isInput(layer)) {
        flowing = input(layer, flowing, scope);
        continue;
      }
      if (flowing.isEmpty() && layer.model().isEmpty()) {
        flowing = List.of(graph.input(inputName(layer), Inputs.ofFirst(model, layer)));
      }
      flowing = call(model, i, flowing, new Fields(MissingNode.getInstance(), ""), scope);
    }
    if (flowing.isEmpty()) {
      throw new Refusal(MODEL_INCOMPLETE, "model '" + model.name() + "' computes nothing");
    }
    return flowing;
  }

  private static String inputName(Layer first) {
    return first.name() + "_input";
  }

  /** What an input layer stands for: what the model is called on, or else an input of the graph. */
  List<Value> input(Layer layer, List<Value> given, Scope scope) {
    List<Value> values = given.isEmpty() ? List.of(input(layer)) : given;
    shapes.note(scope.prefix() + layer.name(), List.of(), values);
    return values;
  }

  private Value input(Layer layer) {
    return graph.input(layer.name(), Inputs.of(layer));
  }

  /** Lowers a call of a layer, or of a model in its place. */
  List<Value> call(ModelSpec model, int index, List<Value> inputs, Fields arguments, Scope scope) {
    Layer layer = model.layers().get(index);
    String name = scope.prefix() + layer.name();
    List<Value> results = results(model, index, inputs, arguments, scope);
    shapes.note(name, inputs, results);
    return results;
  }

  private List<Value> results(
      ModelSpec model, int index, List<Value> inputs, Fields arguments, Scope scope) {
    Layer layer = model.layers().get(index);
    String place = places.layer(scope.place(), model.layers(), index);
    if (layer.model().isPresent()) {
      return lower(layer.model().get(), inputs, scope.within(layer, places.model(place)));
    }
    String name = scope.prefix() + layer.name();
    boolean trainable = scope.trainable() && layer.trainable();
    LayerSpec spec =
        new LayerSpec(
            layer.operation() ? Layers.FUNCTION : layer.className(),
            name,
            layer.config(),
            kerasMajor);
    List<Value> results =
        Layers.lower(
            new LayerCall(spec, inputs, arguments, requests.of(name, place, trainable), graph));
    if (graph.size() > limits.nodes()) {
      throw new Refusal(
          GRAPH_TOO_LARGE, "the model has more than %,d operators".formatted(limits.nodes()));
    }
    return new ArrayList<>(results);
  }
}
