package dev.espalier.engine.format.dl4j;

import java.util.List;
import java.util.Optional;

/** A vertex of a computation graph. */
interface Vertex {
  /**
   * What it takes, where that can be told.
   *
   * @param after what it must give, where that is known
   */
  Optional<Flow> before(Optional<Flow> after);

  /**
   * Appends its operators.
   *
   * @param values what it takes, at least one
   */
  Value appendTo(Assembly graph, List<Value> values);
}
