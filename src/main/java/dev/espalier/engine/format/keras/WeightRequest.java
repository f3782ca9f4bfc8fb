package dev.espalier.engine.format.keras;

import dev.espalier.engine.format.keras.lowering.Arrangement;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.List;
import java.util.Set;

/**
 * A weight that a layer takes.
 *
 * @param tensor name of the graph's initializer
 * @param layer name that reports show, with those of the models around it
 * @param place where the file keeps the layer's weights
 * @param name as Keras names it
 * @param shape as Keras has it
 * @param frozen whether its layer or one around it is
 * @param optional whether it may be absent and is passed over
 */
record WeightRequest(
    String tensor,
    String layer,
    String place,
    String name,
    Role role,
    Arrangement arrangement,
    List<Long> shape,
    boolean frozen,
    boolean optional) {
  private static final Set<String> STATISTICS =
      Set.of("moving_mean", "moving_variance", "mean", "variance", "count");

  WeightRequest {
    shape = List.copyOf(shape);
  }

  /** Whether it is one of the weights that Keras lists as trainable. */
  boolean trained() {
    return !frozen && !optional && !STATISTICS.contains(name);
  }
}
