package dev.espalier.engine.mask;

import java.util.List;

/**
 * The prunable weights of one layer.
 *
 * @param name its name, for messages
 * @param tensors its weights, those already removed among them
 * @param dimensions sum of the dimensions of its tensors, such as out + in + height + width
 * @param mostRemoved most weights that may ever be removed from it; weights that were zero from the
 *     start count, but never make the layer inadmissible
 */
public record Layer(String name, List<Candidates> tensors, long dimensions, long mostRemoved) {
  /** Copies the list. */
  public Layer {
    tensors = List.copyOf(tensors);
  }

  /** The same layer, of which other weights may be removed. */
  Layer copy() {
    return new Layer(
        name, tensors.stream().map(Candidates::copy).toList(), dimensions, mostRemoved);
  }

  long size() {
    return tensors.stream().mapToLong(Candidates::size).sum();
  }

  long kept() {
    return tensors.stream().mapToLong(Candidates::kept).sum();
  }

  long removed() {
    return size() - kept();
  }

  /** Most weights that its cap lets go in addition. */
  long allowed() {
    return Math.max(0, mostRemoved - removed());
  }

  /** Most weights that may be removed from it in addition: candidates that its cap lets go. */
  long removable() {
    return Math.min(candidates(), allowed());
  }

  /** Number of weights that the criterion would let go. */
  long candidates() {
    return tensors.stream().mapToLong(Candidates::removable).sum();
  }
}
