package dev.espalier.engine.format.keras;

import dev.espalier.engine.format.keras.ModelSpec.Layer;
import java.util.Set;

/** Functions of {@code keras.ops} in a Functional model, which Keras 3 stores like layers. */
final class Operations {
  /** Functions of two tensors that are layers of the same name. */
  private static final Set<String> MERGING =
      Set.of("Add", "Subtract", "Multiply", "Maximum", "Minimum");

  private Operations() {}

  /**
   * The class of layer that computes a layer or function.
   *
   * @param inputs number of tensors it is called on
   * @throws dev.espalier.contract.Refusal for a function that no layer computes
   */
  static String className(Layer layer, int inputs) {
    if (!layer.operation()) {
      return layer.className();
    }
    if (inputs == 2 && MERGING.contains(layer.className())) {
      return layer.className();
    }
    throw layer.config().unsupported("the function keras.ops is not supported: use a layer");
  }
}
