package dev.espalier.engine.format.keras;

import dev.espalier.engine.format.json.Fields;
import java.util.List;
import java.util.Optional;

/**
 * A Sequential or Functional model as configured, before anything is lowered.
 *
 * @param name its name
 * @param sequential whether each layer is called on the result of the one before
 * @param layers in the configuration's order
 * @param inputs results of input layers, for Functional models
 * @param outputs results that the model returns, for Functional models
 * @param buildShape the shape a Sequential model was built for, batch included, where recorded
 */
record ModelSpec(
    String name,
    boolean sequential,
    List<Layer> layers,
    List<Reference> inputs,
    List<Reference> outputs,
    Optional<List<Long>> buildShape) {

  ModelSpec {
    layers = List.copyOf(layers);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * A layer of a model.
   *
   * @param entry its element in the configuration's list of layers
   * @param config its settings
   * @param calls how often and on what it is called, for Functional models
   * @param model what it holds, when it is a model itself
   * @param operation whether it is a function of {@code keras.ops} or TensorFlow rather than a
   *     layer
   */
  record Layer(
      String className,
      String name,
      Fields entry,
      Fields config,
      List<Call> calls,
      Optional<ModelSpec> model,
      boolean operation) {

    /** Whether training changes it. */
    boolean trainable() {
      return config.flag("trainable", true);
    }
  }

  /** A call of a layer on results of others, with its further arguments. */
  record Call(List<Reference> inputs, Fields arguments) {}

  /** A result of a layer. */
  record Reference(String layer, int node, int tensor) {}
}
