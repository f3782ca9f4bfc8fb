package dev.espalier.engine.score;

import dev.espalier.engine.graph.Tensor;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the weights of one tensor moved while the model was trained.
 *
 * @param sums Σ g·w over the updates so far, with g = ∂L/∂w; finite, float32
 */
public record Moved(Tensor sums) implements Evidence {
  /** The evidence of several tensors, by name. */
  public static Map<String, Evidence> of(Map<String, Tensor> sums) {
    Map<String, Evidence> evidence = new HashMap<>();
    sums.forEach((name, sum) -> evidence.put(name, new Moved(sum)));
    return evidence;
  }

  /** The evidence that a criterion which needs it was given. */
  static Moved required(@Nullable Evidence evidence) {
    if (evidence instanceof Moved moved) {
      return moved;
    }
    throw new IllegalArgumentException("the criterion needs the movement of the weights");
  }
}
