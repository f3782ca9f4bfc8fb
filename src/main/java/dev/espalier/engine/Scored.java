package dev.espalier.engine;

import dev.espalier.engine.metric.Measurement;
import dev.espalier.engine.metric.Recalls;
import java.util.List;

/**
 * What a model scores on some samples.
 *
 * @param measured the metric
 * @param recalls of its classes, where the policy has a condition on them; otherwise none
 */
record Scored(Measurement measured, List<Recalls> recalls) {
  /** Copies the list. */
  Scored {
    recalls = List.copyOf(recalls);
  }
}
