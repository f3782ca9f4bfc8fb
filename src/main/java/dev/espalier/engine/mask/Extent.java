package dev.espalier.engine.mask;

import java.util.ArrayList;
import java.util.List;

/**
 * A run of places along an axis.
 *
 * @param size number of places, at least 1
 * @param stride distance of neighbours in the stored tensor, in elements
 */
record Extent(int size, int stride) {

  /** Number of places along all {@code extents}. */
  static int size(List<Extent> extents) {
    return extents.stream().mapToInt(Extent::size).reduce(1, Math::multiplyExact);
  }

  /** The same places, outermost first, in as few extents as there can be. */
  static List<Extent> merged(List<Extent> extents) {
    List<Extent> merged = new ArrayList<>();
    for (Extent extent : extents) {
      Extent outer = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (outer != null && outer.stride() == (long) extent.size() * extent.stride()) {
        merged.set(merged.size() - 1, new Extent(outer.size() * extent.size(), extent.stride()));
      } else if (extent.size() != 1) {
        merged.add(extent);
      }
    }
    return List.copyOf(merged);
  }
}
