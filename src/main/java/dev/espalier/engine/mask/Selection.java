package dev.espalier.engine.mask;

import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.util.List;

/**
 * Removes weights so that an exact number of them is gone, the lowest scores first; or all that a
 * criterion lets go, when those are fewer.
 */
public sealed interface Selection permits GlobalSelection, LayerwiseSelection, RoundedSelection {

  /** Removes exactly {@code count} more weights than are gone, which the caller has checked. */
  void removeMore(List<Layer> layers, long count);

  /** The selection of a scope among {@code layers}. */
  static Selection of(Policy.Scope scope, List<Layer> layers) {
    return switch (scope) {
      case GLOBAL -> new GlobalSelection();
      case LAYER -> LayerwiseSelection.uniform();
      case ERK -> LayerwiseSelection.erdosRenyiKernel(layers);
    };
  }

  /** This selection, of which every layer keeps a multiple of a number of units. */
  default Selection inMultiplesOf(int multiple) {
    return multiple == 1 ? this : new RoundedSelection(this, multiple);
  }

  /**
   * Removes weights until {@code total} of all are gone. Nothing happens when as many are gone
   * already: masks only lose weights. Ties go by position. Fewer are gone afterwards when the
   * criterion has too few candidates.
   *
   * @param layers in the model's order; their masks change
   * @param total weights gone afterwards, counting those that were gone before
   * @throws Refusal {@code policy-invalid} when the layers' caps leave too few to remove, or a
   *     layer would lose its last weight
   */
  default void removeUntil(List<Layer> layers, long total) {
    long gone = layers.stream().mapToLong(Layer::removed).sum();
    long possible = gone + layers.stream().mapToLong(Layer::allowed).sum();
    if (total > possible) {
      throw new Refusal(
          ReasonCode.POLICY_INVALID,
          "the target removes %d, but minimum-kept and overrides allow %d of %d; lower it"
              .formatted(total, possible, layers.stream().mapToLong(Layer::size).sum()));
    }
    long more = Math.min(total - gone, layers.stream().mapToLong(Layer::removable).sum());
    if (more <= 0) {
      return;
    }
    List<Layer> alive = layers.stream().filter(l -> l.kept() > 0).toList();
    removeMore(alive, more);
    for (Layer layer : alive) {
      if (layer.kept() == 0) {
        throw emptied(layer.name());
      }
    }
  }

  /** What is said of a layer that would lose its last weight. */
  static Refusal emptied(String layer) {
    return new Refusal(
        ReasonCode.POLICY_INVALID,
        "layer '%s' would lose all it has; raise minimum-kept or cap it by an override"
            .formatted(layer));
  }
}
