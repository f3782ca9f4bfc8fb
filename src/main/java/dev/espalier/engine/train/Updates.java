package dev.espalier.engine.train;

import dev.espalier.contract.Policy;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import java.nio.FloatBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The updates of one run: an optimiser, its rates, and a bound of the gradient where asked for. */
final class Updates {
  private final Parameters parameters;
  private final FloatBuffer keep;
  private final Optimizer optimizer;
  private final LearningRate rate;
  private final @Nullable Clipping clipping;
  private final MovementSums movement;
  private int done;

  /**
   * Prepares a run.
   *
   * @param parameters what is trained, loaded with its start values
   * @param masks by tensor name; what they remove stays +0
   * @param updates number of updates to come
   * @param movement of the tensors whose movement is followed, so far
   */
  Updates(
      Policy.Recover settings,
      Parameters parameters,
      Map<String, Mask> masks,
      long updates,
      Map<String, Tensor> movement) {
    this.parameters = parameters;
    this.keep = parameters.keep(masks);
    this.optimizer = Optimizer.of(settings, keep.capacity());
    this.rate = LearningRate.of(settings, updates);
    Double largest = settings.clipNorm();
    this.clipping = largest == null ? null : new Clipping(largest);
    this.movement = new MovementSums(movement);
  }

  /** Updates the weights from the gradients that the last pass left. */
  void apply() {
    FloatBuffer gradients = parameters.gradients();
    movement.add(parameters);
    float scale = clipping == null ? 1f : clipping.scale(gradients, keep);
    optimizer.step(parameters.weights(), gradients, keep, rate.at(done), scale);
    done++;
  }

  /** Movement so far, copied. */
  Map<String, Tensor> movement() {
    return movement.copy();
  }

  /** Whether all numbers are finite. */
  boolean finite() {
    return parameters.finite() && movement.finite();
  }

  /** Updates so far. */
  int done() {
    return done;
  }
}
