package dev.espalier.engine.mask;

import java.util.ArrayList;
import java.util.List;

/**
 * Scores are compared across the whole model; a layer that reaches its cap keeps the rest of its
 * weights, and the others give the difference. A layer over its cap at one threshold is so at every
 * higher one, so capped layers are fixed and the threshold is found again until none is over.
 */
record GlobalSelection() implements Selection {
  @Override
  public void removeMore(List<Layer> layers, long count) {
    List<Layer> open = new ArrayList<>(layers);
    long left = count;
    while (left > 0) {
      List<Candidates> tensors = tensors(open);
      ThresholdSelection threshold = ThresholdSelection.lowest(tensors, left);
      List<Layer> capped = overCap(open, threshold, left);
      if (capped.isEmpty()) {
        threshold.removeFrom(tensors);
        return;
      }
      for (Layer layer : capped) {
        long all = layer.removable();
        if (all > 0) {
          ThresholdSelection.lowest(layer.tensors(), all).removeFrom(layer.tensors());
        }
        left -= all;
        open.remove(layer);
      }
    }
  }

  /** The layers of which the threshold would remove more than they allow. */
  private static List<Layer> overCap(List<Layer> open, ThresholdSelection threshold, long left) {
    List<Layer> capped = new ArrayList<>();
    if (open.stream().allMatch(layer -> layer.removable() >= Math.min(left, layer.candidates()))) {
      return capped;
    }
    long ties = threshold.ties();
    for (Layer layer : open) {
      long hits = 0;
      for (Candidates tensor : layer.tensors()) {
        Candidates.Hits found = tensor.hits(threshold.key());
        long equal = Math.min(ties, found.equal());
        ties -= equal;
        hits += found.below() + equal;
      }
      if (hits > layer.removable()) {
        capped.add(layer);
      }
    }
    return capped;
  }

  private static List<Candidates> tensors(List<Layer> layers) {
    return layers.stream().flatMap(l -> l.tensors().stream()).toList();
  }
}
