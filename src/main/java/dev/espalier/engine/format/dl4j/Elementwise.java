package dev.espalier.engine.format.dl4j;

import java.util.Map;
import java.util.Optional;

/** A layer without parameters that keeps the shape: activation, loss or dropout. */
record Elementwise(String name, Activation activation) implements Layer {

  /** A layer that applies its activation function. */
  static Elementwise of(String name, Fields layer) {
    return new Elementwise(name, Activation.of(layer));
  }

  /** A layer that does nothing itself: dropout is applied to the input of any layer. */
  static Elementwise identity(String name) {
    return new Elementwise(name, new Activation("Identity", Map.of()));
  }

  @Override
  public Optional<Flow> input() {
    return Optional.empty();
  }

  @Override
  public void appendTo(GraphAssembler graph) {
    activation.appendTo(graph, name);
  }
}
