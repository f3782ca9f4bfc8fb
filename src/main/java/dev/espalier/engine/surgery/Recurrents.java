package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.surgery.Coupling.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * LSTM, GRU and RNN. A unit whose weights and biases are zero starts at zero and stays there: its
 * candidate is tanh(0), whatever its gates say. It goes from all gates and both directions, which
 * share one number of units.
 */
final class Recurrents {
  private static final Set<String> ZERO_AT_ZERO =
      Set.of("tanh", "relu", "leakyrelu", "thresholdedrelu", "scaledtanh", "elu", "softsign");

  private static final String STAYS = "computes with values that stay";

  private Recurrents() {}

  static void apply(Passage passage) {
    int gates =
        switch (passage.node().operator()) {
          case "LSTM" -> 4;
          case "GRU" -> 3;
          default -> 1;
        };
    boolean plain = startsAtZero(passage);
    int size = (int) passage.node().integer("hidden_size", 0);
    Optional<Factor> inner = passage.operand(2).at(2).filter(f -> f.isAlong(2));
    if (inner.isEmpty() || inner.get().size() != size || !plain) {
      passage.pinAll("is a recurrence of a form that is not followed");
      return;
    }
    reads(passage);
    Factor units = passage.claim(2, inner.get(), Kind.CONSUMER);
    boolean writes = gated(passage, 1, 1, units, gates);
    writes &= gated(passage, 2, 1, units, gates);
    if (passage.has(3)) {
      writes &= gated(passage, 3, 1, units, 2 * gates);
    }
    for (int slot = 5; slot <= 6; slot++) {
      if (passage.has(slot)) {
        writes &= state(passage, slot, units);
      }
    }
    if (passage.has(7)) {
      gated(passage, 7, 1, units, 3);
    }
    if (!writes) {
      passage.pin(units, "starts from states that are not zero or has weights that stay");
    }
    passage.countAttribute("hidden_size", units);
    results(passage, units);
  }

  /** Whether the functions that states go through, all but those of gates, are zero at zero. */
  private static boolean startsAtZero(Passage passage) {
    if (!(passage.node().attributes().get("activations") instanceof Attribute.Texts texts)) {
      return true;
    }
    List<String> names = texts.values();
    int each = passage.node().operator().equals("LSTM") ? 3 : names.size() > 1 ? 2 : 1;
    each = passage.node().operator().equals("RNN") ? 1 : each;
    for (int i = 0; i < names.size(); i++) {
      boolean gate = each > 1 && i % each == 0;
      if (!gate && !ZERO_AT_ZERO.contains(names.get(i).toLowerCase(Locale.ROOT))) {
        return false;
      }
    }
    return true;
  }

  /** What flows in is multiplied with the weights [directions, gates · units, inputs]. */
  private static void reads(Passage passage) {
    passage.others(0, 2).forEach(f -> passage.pin(f, STAYS));
    Optional<Factor> x = passage.along(0, 2, STAYS);
    Optional<Factor> weights = passage.operand(1).at(2);
    passage.unite(x, weights, STAYS);
    weights.ifPresent(f -> passage.claim(1, f, Kind.CONSUMER));
    x.ifPresent(f -> Folding.pinNonZero(passage, f, "reads the constant that they leave"));
    passage.pin(4, STAYS);
  }

  /** Unites a tensor's rows with the units; whether they are zero when masked. */
  private static boolean gated(Passage passage, int slot, int axis, Factor units, int gates) {
    Optional<Factor> rows = passage.operand(slot).at(axis).filter(f -> f.isAlong(axis));
    if (rows.isEmpty() || rows.get().size() != gates * units.size()) {
      passage.pin(units, STAYS);
      passage.pin(slot, STAYS);
      return false;
    }
    int[] repeated = new int[rows.get().size()];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = i % units.size();
    }
    passage.unite(units.selected(2, repeated), rows.get(), STAYS);
    return passage.claim(slot, rows.get(), Kind.PRODUCER).isZero();
  }

  private static boolean state(Passage passage, int slot, Factor units) {
    Traced state = passage.operand(slot);
    Optional<Factor> along = state.at(2).filter(f -> f.isAlong(2));
    passage.unite(Optional.of(units), along, STAYS);
    state.factors().stream().filter(f -> !f.isAlong(2)).forEach(f -> passage.pin(f, STAYS));
    return along.map(f -> passage.claim(slot, f, Kind.PRODUCER).isZero()).orElse(false);
  }

  private static void results(Passage passage, Factor units) {
    for (int k = 0; k < passage.node().outputs().size(); k++) {
      if (!passage.node().outputs().get(k).isEmpty()) {
        int rank = passage.resultShape(k).size();
        passage.result(k, List.of(Factor.along(rank - 1, true, units.units())));
      }
    }
  }
}
