package dev.espalier.engine.mask;

import dev.espalier.contract.Policy;
import java.util.List;

/** Exactly as many weights as asked for. */
record SingleWeights() implements Removal {
  @Override
  public long mostRemoved(ScoredLayer layer) {
    return Math.max(layer.mostRemoved(), layer.removed());
  }

  @Override
  public void removeUntil(List<ScoredLayer> scored, Policy.Scope scope, long total) {
    List<Layer> layers =
        scored.stream()
            .map(
                layer ->
                    new Layer(
                        layer.name(),
                        layer.tensors().stream()
                            .map(part -> new Candidates(part.scores(), part.mask()))
                            .toList(),
                        layer.dimensions(),
                        layer.mostRemoved()))
            .toList();
    Selection.of(scope, layers).removeUntil(layers, total);
  }
}
