package dev.espalier.engine.graph;

import java.util.ArrayList;
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

  /** Whether a dimension other than the batch's, the first, is only known at run time. */
  public boolean leavesSampleSizeOpen() {
    return dimensions.stream().skip(1).anyMatch(size -> size == UNKNOWN);
  }

  /** The same value with every open dimension but the batch's as in {@code sample}. */
  ValueInfo sizedFor(Tensor sample) {
    List<Long> sized = new ArrayList<>(dimensions);
    for (int axis = 1; axis < Math.min(sized.size(), sample.rank()); axis++) {
      if (sized.get(axis) == UNKNOWN) {
        sized.set(axis, sample.dimension(axis));
      }
    }
    return new ValueInfo(name, type, sized);
  }
}
