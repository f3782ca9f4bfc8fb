package dev.espalier.engine.graph;

import java.util.List;

/**
 * A graph input or output.
 *
 * @param name its name
 * @param type element type
 * @param dimensions outermost first; {@link #UNKNOWN} where any size is allowed, as for the batch
 */
public record ValueInfo(String name, DataType type, List<Long> dimensions) {
  /** A dimension that is only known at run time. */
  public static final long UNKNOWN = -1;

  /** Copies its dimensions. */
  public ValueInfo {
    dimensions = List.copyOf(dimensions);
  }
}
