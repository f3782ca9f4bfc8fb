package dev.espalier.engine.surgery;

import dev.espalier.engine.surgery.Coupling.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that scale values by statistics of others. */
final class Normalizations {
  private static final String MIXES = "normalises over channels";

  private Normalizations() {}

  /** BatchNormalization with running statistics, and InstanceNormalization: channel by channel. */
  static void perChannel(Passage passage) {
    passage.others(0, 1).forEach(f -> passage.pin(f, MIXES));
    Optional<Factor> x = passage.along(0, 1, MIXES);
    if (x.isEmpty()) {
      passage.pinAll("normalises values that stay");
      return;
    }
    boolean[] zero = new boolean[x.get().size()];
    java.util.Arrays.fill(zero, true);
    for (int slot = 1; slot < passage.node().inputs().size(); slot++) {
      Optional<Factor> settings = passage.operand(slot).at(0);
      passage.unite(x, settings, "normalises values that stay");
      if (settings.isPresent()) {
        Kind kind = slot < 3 ? Kind.PER_CHANNEL : Kind.STATISTIC;
        Factor claimed = passage.claim(slot, settings.get(), kind);
        for (int i = 0; slot < 3 && i < zero.length; i++) {
          zero[i] &= claimed.zero(i);
        }
      }
    }
    passage.result(0, List.of(x.get().with(zero)));
  }

  /** Softmax and its like: before opset 13 over all axes from the given one, then over it. */
  static void softmax(Passage passage) {
    int rank = passage.operand(0).rank();
    boolean flat = passage.opset() < 13;
    int axis = passage.axis(passage.node().integer("axis", flat ? 1 : -1), rank);
    List<Factor> kept =
        passage.operand(0).factors().stream()
            .filter(f -> IntStream.range(axis, flat ? rank : axis + 1).noneMatch(f::touches))
            .toList();
    passage.operand(0).factors().stream()
        .filter(f -> !kept.contains(f))
        .forEach(f -> passage.pin(f, MIXES));
    passage.result(0, kept.stream().map(Factor::constant).toList());
  }
}
