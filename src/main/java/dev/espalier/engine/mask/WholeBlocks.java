package dev.espalier.engine.mask;

import dev.espalier.contract.Granularity;
import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Blocks of a kernel's matrix, as few as have the weights asked for. Blocks at the edge are
 * smaller, and others lost members before, so blocks go in rounds: as many as would do if all of
 * them had as many weights as the largest, until enough weights are gone.
 *
 * @param block the shape of a block
 * @param grids by tensor name
 */
record WholeBlocks(Granularity.Block block, Map<String, BlockGrid> grids) implements Removal {

  /** A cap that a block does not fit under is not reached. */
  @Override
  public long mostRemoved(ScoredLayer layer) {
    long largest =
        layer.tensors().stream()
            .mapToLong(part -> grids.get(part.name()).largest())
            .max()
            .orElse(1);
    long most =
        layer.mostRemoved() == layer.size() ? layer.size() : layer.mostRemoved() - largest + 1;
    return Math.max(most, layer.removed());
  }

  /** A layer's blocks. */
  private record BlockLayer(ScoredLayer layer, List<Blocks> tensors) {
    long kept() {
      return tensors.stream().mapToLong(Blocks::keptWeights).sum();
    }

    long removed() {
      return layer.size() - kept();
    }

    long largest() {
      return tensors.stream().mapToLong(Blocks::largest).max().orElse(0);
    }

    /** The layer with blocks for weights, and as many to remove as fit under its cap for sure. */
    Layer inBlocks() {
      long gone = tensors.stream().mapToLong(t -> t.size() - t.kept().keptCount()).sum();
      long room = Math.max(0, layer.mostRemoved() - removed());
      return new Layer(
          layer.name(),
          tensors.stream().map(t -> new Candidates(t, t.kept())).toList(),
          layer.dimensions(),
          gone + room / Math.max(1, largest()));
    }
  }

  @Override
  public void removeUntil(List<ScoredLayer> scored, Policy.Scope scope, long total) {
    List<BlockLayer> layers = new ArrayList<>();
    for (ScoredLayer layer : scored) {
      layers.add(
          new BlockLayer(
              layer,
              layer.tensors().stream()
                  .map(p -> new Blocks(grids.get(p.name()), block, p.scores(), p.mask()))
                  .toList()));
    }
    long left = total - removed(layers);
    while (left > 0) {
      List<Layer> open =
          layers.stream().map(BlockLayer::inBlocks).filter(l -> l.kept() > 0).toList();
      long removable = open.stream().mapToLong(Layer::removable).sum();
      if (removable == 0) {
        requireRoom(open, total, left, scored);
        break;
      }
      long largest = layers.stream().mapToLong(BlockLayer::largest).max().orElse(1);
      Selection.of(scope, open).removeMore(open, Math.min(removable, (left - 1) / largest + 1));
      left = total - removed(layers);
    }
    for (BlockLayer layer : layers) {
      requireKept(layer);
      layer.tensors().forEach(Blocks::apply);
    }
  }

  private static long removed(List<BlockLayer> layers) {
    return layers.stream().mapToLong(BlockLayer::removed).sum();
  }

  /** Nothing is removable for want of candidates, or else for the caps. */
  private static void requireRoom(
      List<Layer> open, long total, long left, List<ScoredLayer> layers) {
    if (open.stream().mapToLong(Layer::allowed).sum() == 0) {
      throw new Refusal(
          ReasonCode.POLICY_INVALID,
          ("the target removes %d weights, but minimum-kept and overrides allow %d of %d in whole"
                  + " blocks; lower it")
              .formatted(total, total - left, layers.stream().mapToLong(ScoredLayer::size).sum()));
    }
  }

  private static void requireKept(BlockLayer layer) {
    if (layer.kept() == 0 && layer.layer().kept() > 0) {
      throw Selection.emptied(layer.layer().name());
    }
  }
}
