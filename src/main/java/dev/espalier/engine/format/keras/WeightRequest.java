package dev.espalier.engine.format.keras;

import dev.espalier.engine.format.keras.lowering.Arrangement;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.List;

/**
 * A weight that a layer takes.
 *
 * @param tensor name of the graph's initializer
 * @param layer name that reports show, with those of the models around it
 * @param place where the file keeps the layer's weights
 * @param name as Keras names it
 * @param shape as Keras has it
 * @param trained whether training changes it: not a statistic, and no layer around it is frozen
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
    boolean trained,
    boolean optional) {

  WeightRequest {
    shape = List.copyOf(shape);
  }
}
