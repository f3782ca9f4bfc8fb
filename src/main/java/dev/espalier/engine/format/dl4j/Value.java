package dev.espalier.engine.format.dl4j;

/**
 * A value of the graph under construction.
 *
 * @param name in the graph
 * @param flow what it is
 */
record Value(String name, Flow flow) {
  /** The same value seen as something else. */
  Value as(Flow other) {
    return new Value(name, other);
  }

  /** The same value with another number of features or channels. */
  Value with(Width width) {
    return as(flow.with(width));
  }
}
