package dev.espalier.engine;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.scope.PruningScope;
import java.nio.FloatBuffer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** What masks do to weights. Tensors are never changed in place. */
final class Masking {
  private Masking() {}

  /** The weights with what the masks remove made zero; tensors that lose nothing stay the same. */
  static Map<String, Tensor> apply(
      PruningScope scope, Map<String, Mask> masks, Map<String, Tensor> weights) {
    Map<String, Tensor> masked = new LinkedHashMap<>(weights);
    masks.forEach(
        (name, mask) -> {
          if (mask.keptCount() < mask.size()) {
            Tensor copy = weights.get(name).copy();
            mask.applyTo(scope.weights(name, copy));
            masked.put(name, copy);
          }
        });
    return masked;
  }

  /**
   * The weights with subnormal numbers flushed to zero in pruned tensors that a step changed: they
   * slow down inference on some processors and are zero to any model. Tensors that did not change
   * and other element types are left as they came.
   *
   * @param names of the pruned tensors
   * @param before weights before the step
   * @param after weights after it, owned by the caller
   */
  static Map<String, Tensor> withoutSubnormals(
      Collection<String> names, Map<String, Tensor> before, Map<String, Tensor> after) {
    for (String name : names) {
      if (after.get(name).type() == DataType.FLOAT
          && !after.get(name).bytes().equals(before.get(name).bytes())) {
        flush(after.get(name).floats());
      }
    }
    return after;
  }

  private static void flush(FloatBuffer values) {
    for (int i = 0; i < values.capacity(); i++) {
      if (Math.abs(values.get(i)) < Float.MIN_NORMAL) {
        values.put(i, 0f);
      }
    }
  }
}
