package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.surgery.Coupling.Kind;
import java.util.List;
import java.util.Optional;

/**
 * QuantizeLinear and DequantizeLinear, with one scale or one per channel. Weights are masked at
 * their zero point, so what is stored in them stands for zero.
 */
final class Quantizations {
  private static final String BLOCKS = "has scales that are not per channel";

  private Quantizations() {}

  static void dequantize(Passage passage) {
    Traced x = passage.operand(0);
    boolean standsForZero = x.constant() || quantizedBefore(passage);
    boolean kept = standsForZero || isZero(passage.initializer(2));
    apply(passage, kept);
  }

  static void quantize(Passage passage) {
    // Whoever dequantises with the same zero point gets the zero back.
    String result = passage.node().outputs().get(0);
    boolean dequantized =
        passage.trace().readers(result).stream()
            .allMatch(n -> n.operator().equals("DequantizeLinear"));
    apply(passage, dequantized || isZero(passage.initializer(2)));
  }

  /** Whether the operand was quantised with the same zero point. */
  private static boolean quantizedBefore(Passage passage) {
    String value = passage.node().inputs().get(0);
    Optional<Node> writer = passage.trace().writer(value);
    return writer.isPresent()
        && writer.get().operator().equals("QuantizeLinear")
        && writer.get().input(2).equals(passage.node().input(2));
  }

  private static boolean isZero(Optional<Tensor> zeroPoint) {
    if (zeroPoint.isEmpty()) {
      return true;
    }
    var bytes = zeroPoint.get().bytes();
    while (bytes.hasRemaining()) {
      if (bytes.get() != 0) {
        return false;
      }
    }
    return true;
  }

  private static void apply(Passage passage, boolean keepsZero) {
    Traced x = passage.operand(0);
    Traced scale = passage.operand(1);
    if (scale.rank() > 1) {
      passage.pinAll(BLOCKS);
      return;
    }
    if (!scale.isSingle()) {
      int axis = passage.axis(passage.node().integer("axis", 1), x.rank());
      x.factors().stream()
          .filter(f -> f.touches(axis) && !f.isAlong(axis))
          .forEach(f -> passage.pin(f, BLOCKS));
      Optional<Factor> along = x.at(axis);
      for (int slot = 1; slot < passage.node().inputs().size(); slot++) {
        if (passage.has(slot)) {
          Optional<Factor> settings = passage.operand(slot).at(0);
          int at = slot;
          passage.unite(along, settings, BLOCKS);
          settings.ifPresent(f -> passage.claim(at, f, Kind.STATISTIC));
        }
      }
    }
    List<Factor> results = x.factors();
    passage.result(0, keepsZero ? results : results.stream().map(Factor::constant).toList());
  }
}
