package dev.espalier.engine.surgery;

import dev.espalier.engine.surgery.Coupling.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Conv and ConvTranspose. Weights [out, in / groups, …] and [in, out / groups, …]. Of a grouped
 * convolution, the same filter of every group goes, so that the groups stay equal; of a depthwise
 * one, a channel goes with its filters.
 */
final class Convolutions {
  private static final String ACROSS = "needs whole channels";

  private Convolutions() {}

  static void conv(Passage passage) {
    convolve(passage, 0, 1);
  }

  static void transposed(Passage passage) {
    convolve(passage, 1, 0);
  }

  /**
   * @param outAxis axis of the weights that results are along
   * @param inAxis axis that is summed over
   */
  private static void convolve(Passage passage, int outAxis, int inAxis) {
    passage.others(0, 1).forEach(f -> passage.pin(f, ACROSS));
    passage
        .operand(1)
        .factors()
        .forEach(
            f -> {
              if (!f.isAlong(0) && !f.isAlong(1)) {
                passage.pin(f, "has a kernel that is not plain");
              }
            });
    Optional<Factor> x = passage.along(0, 1, ACROSS);
    Optional<Factor> first = passage.operand(1).at(outAxis).filter(f -> f.isAlong(outAxis));
    Optional<Factor> second = passage.operand(1).at(inAxis).filter(f -> f.isAlong(inAxis));
    int groups = (int) passage.node().integer("group", 1);
    int channels = passage.operand(0).dimension(1);
    boolean depthwise = groups > 1 && groups == channels;
    if (depthwise && outAxis == 0) {
      depthwise(passage, x, first);
    } else if (depthwise && passage.operand(1).dimension(outAxis) == 1) {
      depthwise(passage, x, second);
    } else if (groups > 1 && outAxis == 1) {
      passage.pinAll("is a transposed convolution in groups");
    } else {
      dense(passage, x, first, second, groups);
    }
  }

  private static void depthwise(Passage passage, Optional<Factor> x, Optional<Factor> kernels) {
    if (x.isEmpty() || kernels.isEmpty()) {
      passage.pinAll("filters channels that stay");
      return;
    }
    int multiplier = kernels.get().size() / x.get().size();
    int[] positions = new int[kernels.get().size()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = i / multiplier;
    }
    passage.unite(x.get().selected(1, positions), kernels.get(), "filters channels that stay");
    passage.countAttribute("group", x.get());
    Factor claimed = passage.claim(1, kernels.get(), Kind.PER_CHANNEL);
    result(passage, claimed, x.get().selected(1, positions).isZero());
  }

  private static void dense(
      Passage passage, Optional<Factor> x, Optional<Factor> out, Optional<Factor> in, int groups) {
    if (groups > 1) {
      x.ifPresent(f -> uniteGroups(passage, f, groups));
      out.ifPresent(f -> uniteGroups(passage, f, groups));
    }
    if (x.isPresent() && in.isPresent()) {
      Factor weights = passage.claim(1, in.get(), Kind.CONSUMER);
      int[] within = new int[x.get().size()];
      for (int i = 0; i < within.length; i++) {
        within[i] = i % weights.size();
      }
      int axis = weights.axes()[0];
      passage.unite(x.get(), weights.selected(axis, within), "reads values that stay");
      consume(passage, x.get(), groups);
    } else {
      passage.unite(x, in, "reads values that stay");
    }
    if (out.isPresent()) {
      result(passage, passage.claim(1, out.get(), Kind.PRODUCER), false);
    }
  }

  private static void uniteGroups(Passage passage, Factor factor, int groups) {
    int each = factor.size() / groups;
    for (int i = each; i < factor.size(); i++) {
      passage.units().unite(factor.unit(i % each), factor.unit(i), passage.why("has groups"));
    }
  }

  /** Constants that removed channels leave go into the bias, where borders do not see them. */
  private static void consume(Passage passage, Factor x, int groups) {
    if (x.isZero()) {
      return;
    }
    boolean transposed = passage.node().operator().equals("ConvTranspose");
    if (transposed || groups > 1 || isPadded(passage)) {
      Folding.pinNonZero(passage, x, "reads the constant that they leave across borders or groups");
    } else {
      Folding.into(passage, x, new Folding.Product(1, 1, 0, passage.node().input(2), 1));
    }
  }

  private static boolean isPadded(Passage passage) {
    String automatic = passage.node().text("auto_pad", "NOTSET");
    boolean explicit = LongStream.of(passage.node().integers("pads")).anyMatch(p -> p != 0);
    return automatic.startsWith("SAME") || (automatic.equals("NOTSET") && explicit);
  }

  /**
   * The results along the filters, with their bias.
   *
   * @param passesZero whether the result is zero where the operand is, whatever the kernel
   */
  private static void result(Passage passage, Factor filters, boolean passesZero) {
    boolean[] zero = filters.zeros();
    for (int i = 0; i < zero.length; i++) {
      if (!zero[i] && !passesZero) {
        passage.units().pin(filters.unit(i), passage.why("has a kernel that is no parameter"));
      }
      zero[i] = true;
    }
    if (passage.has(2)) {
      Optional<Factor> bias = passage.operand(2).at(0);
      passage.unite(Optional.of(filters), bias, "adds a bias that stays");
      if (bias.isPresent()) {
        zero = passage.claim(2, bias.get(), Kind.PRODUCER).zeros();
      }
    }
    passage.result(0, List.of(Factor.along(1, filters.units(), zero)));
  }
}
