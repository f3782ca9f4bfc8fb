package dev.espalier.engine.mask;

import dev.espalier.contract.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pattern N:M, reached weight by weight: on the way the candidates are those that the pattern
 * lets go of each group, and exactly as many of them as asked for go, the lowest scores of the
 * scope first. When all of them are gone every group has the pattern.
 *
 * @param patterns by tensor name
 */
record GroupPatterns(Map<String, GroupPattern> patterns) implements Removal {
  @Override
  public long mostRemoved(ScoredLayer layer) {
    long most = 0;
    for (ScoredLayer.Part part : layer.tensors()) {
      most += part.mask().size() - part.mask().keptCount() + candidates(part).keptCount();
    }
    return most;
  }

  private Mask candidates(ScoredLayer.Part part) {
    return patterns.get(part.name()).removable(part.scores(), part.mask());
  }

  @Override
  public void removeUntil(List<ScoredLayer> scored, Policy.Scope scope, long total) {
    Map<String, Mask> candidates = new HashMap<>();
    for (ScoredLayer layer : scored) {
      layer.tensors().forEach(part -> candidates.put(part.name(), candidates(part)));
    }
    long gone = scored.stream().mapToLong(ScoredLayer::removed).sum();
    if (total - gone >= candidates.values().stream().mapToLong(Mask::keptCount).sum()) {
      for (ScoredLayer layer : scored) {
        layer.tensors().forEach(part -> part.mask().removeAll(candidates.get(part.name())));
      }
      return;
    }
    List<Layer> layers = new ArrayList<>();
    for (ScoredLayer layer : scored) {
      List<Candidates> tensors =
          layer.tensors().stream()
              .map(
                  part ->
                      new Candidates(
                          new PatternScores(part.scores(), candidates.get(part.name())),
                          part.mask()))
              .toList();
      layers.add(new Layer(layer.name(), tensors, layer.dimensions(), layer.size()));
    }
    Selection.of(scope, layers).removeUntil(layers, total);
  }
}
