package dev.espalier.engine.mask;

import dev.espalier.engine.score.Scores;
import java.util.List;

/**
 * The prunable weights of one layer with their scores.
 *
 * @param name its name, for messages
 * @param tensors its weights
 * @param dimensions sum of the dimensions of its tensors
 * @param mostRemoved most weights that {@code minimum-kept} and overrides let go
 */
public record ScoredLayer(String name, List<Part> tensors, long dimensions, long mostRemoved) {
  /**
   * One tensor of a layer.
   *
   * @param name its name
   * @param scores of all its weights
   * @param mask which of them are kept; removal changes it
   */
  public record Part(String name, Scores scores, Mask mask) {}

  /** Copies the list. */
  public ScoredLayer {
    tensors = List.copyOf(tensors);
  }

  long size() {
    return tensors.stream().mapToLong(part -> part.mask().size()).sum();
  }

  long kept() {
    return tensors.stream().mapToLong(part -> part.mask().keptCount()).sum();
  }

  long removed() {
    return size() - kept();
  }
}
