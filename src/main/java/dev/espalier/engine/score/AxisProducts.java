package dev.espalier.engine.score;

import dev.espalier.engine.graph.Tensor;
import java.util.List;

/**
 * Σ g·w of one tensor over all elements at each position of each axis, batch by batch.
 *
 * @param byAxis outermost axis first: float64 of shape [batches, positions], each batch's sums
 *     times the root of its share of the samples
 */
public record AxisProducts(List<Tensor> byAxis) implements Evidence {
  /** Copies the list. */
  public AxisProducts {
    byAxis = List.copyOf(byAxis);
  }
}
