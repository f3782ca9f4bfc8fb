package dev.espalier.engine.format.keras;

import dev.espalier.engine.format.keras.lowering.Arrangement;
import dev.espalier.engine.format.keras.lowering.GraphBuilder;
import dev.espalier.engine.format.keras.lowering.Weights;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Collects what layers take, in order, until the file can say where it lies. */
final class WeightRequests {
  /** Weights that Keras keeps but does not train. */
  private final GraphBuilder graph;

  private final WeightPlaces places;
  private final List<WeightRequest> requests = new ArrayList<>();

  WeightRequests(GraphBuilder graph, WeightPlaces places) {
    this.graph = graph;
    this.places = places;
  }

  /** All requests, in the order in which they were made. */
  List<WeightRequest> all() {
    return List.copyOf(requests);
  }

  /**
   * The weights of a layer.
   *
   * @param layer name that reports show
   * @param trainable whether it and all models around it are trained
   */
  Weights of(String layer, String place, boolean trainable) {
    return new Scope(layer, layer, place, trainable);
  }

  /** The weights of a layer, or of a part of it. */
  private final class Scope implements Weights {
    private final String layer;
    private final String prefix;
    private final String place;
    private final boolean trainable;

    Scope(String layer, String prefix, String place, boolean trainable) {
      this.layer = layer;
      this.prefix = prefix;
      this.place = place;
      this.trainable = trainable;
    }

    @Override
    public String take(String name, Role role, Arrangement arrangement, long... kerasShape) {
      String tensor = graph.unique(prefix + "/" + name);
      List<Long> shape = LongStream.of(kerasShape).boxed().toList();
      requests.add(
          new WeightRequest(
              tensor, layer, place, name, role, arrangement, shape, !trainable, false));
      return tensor;
    }

    @Override
    public void skip(String name) {
      requests.add(
          new WeightRequest(
              "", layer, place, name, Role.OTHER, Arrangement.asKeras(), List.of(), false, true));
    }

    @Override
    public Weights part(String attribute) {
      return new Scope(layer, prefix + "/" + attribute, places.part(place, attribute), trainable);
    }

    @Override
    public Weights trainedIf(boolean trained) {
      return new Scope(layer, prefix, place, trainable && trained);
    }
  }
}
