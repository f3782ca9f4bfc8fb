package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.Node;
import dev.espalier.engine.surgery.Coupling.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** MatMul and Gemm. */
final class MatrixProducts {
  private static final String SUM = "sums them with values that stay";
  private static final String BATCH = "multiplies them with values that stay";

  private MatrixProducts() {}

  /**
   * The operands of a product, numbered by the axes of its result.
   *
   * @param row axis of the left operand that results have
   * @param column axis of the right operand that results have
   * @param left axis of the left operand that is summed over
   * @param right axis of the right operand that is summed over
   */
  private record Axes(int row, int left, int right, int column) {}

  static void gemm(Passage passage) {
    Node node = passage.node();
    boolean transA = node.integer("transA", 0) != 0;
    boolean transB = node.integer("transB", 0) != 0;
    Axes axes = new Axes(transA ? 1 : 0, transA ? 0 : 1, transB ? 1 : 0, transB ? 0 : 1);
    Optional<String> bias = node.input(2);
    double scale = (double) node.real("alpha", 1) / node.real("beta", 1);
    List<Factor> results = multiply(passage, axes, bias, scale);
    passage.result(0, passage.has(2) ? withBias(passage, results) : results);
  }

  private static List<Factor> withBias(Passage passage, List<Factor> results) {
    Traced bias = passage.operand(2);
    int shift = 2 - bias.rank();
    List<Factor> sums = new ArrayList<>();
    for (Factor product : results) {
      int axis = product.axes()[0];
      Optional<Factor> added = axis < shift ? Optional.empty() : bias.at(axis - shift);
      boolean joins =
          product.axes().length == 1 && added.isPresent() && added.get().isAlong(axis - shift);
      if (joins) {
        passage.unite(product, added.get(), SUM);
        Factor claimed = passage.claim(2, added.get(), Kind.PRODUCER);
        boolean[] zero = product.zeros();
        for (int i = 0; i < zero.length; i++) {
          zero[i] &= claimed.zero(i);
        }
        sums.add(product.with(zero));
      } else {
        passage.pin(product, SUM);
        added.ifPresent(f -> passage.pin(f, SUM));
      }
    }
    for (Factor added : bias.factors()) {
      if (results.stream().noneMatch(f -> f.isAlong(added.axes()[0] + shift))) {
        passage.pin(added, SUM);
      }
    }
    return sums;
  }

  static void matMul(Passage passage) {
    int left = passage.operand(0).rank();
    int right = passage.operand(1).rank();
    if (left < 2 || right < 2) {
      passage.pinAll("multiplies vectors");
      return;
    }
    Axes axes = new Axes(left - 2, left - 1, right - 2, right - 1);
    Optional<String> bias = right == 2 ? addedLater(passage) : Optional.empty();
    passage.result(0, multiply(passage, axes, bias, 1));
  }

  /** The constant that the only reader of the result adds to it. */
  private static Optional<String> addedLater(Passage passage) {
    String result = passage.node().outputs().get(0);
    List<Node> readers = passage.trace().readers(result);
    if (passage.trace().uses(result) != 1
        || readers.size() != 1
        || !readers.get(0).operator().equals("Add")) {
      return Optional.empty();
    }
    return readers.get(0).inputs().stream()
        .filter(passage.trace().graph().initializers()::containsKey)
        .findFirst();
  }

  private static List<Factor> multiply(
      Passage passage, Axes axes, Optional<String> bias, double scale) {
    int rank = passage.resultShape(0).size();
    int shiftA = rank - passage.operand(0).rank();
    int shiftB = rank - passage.operand(1).rank();
    Optional<Factor> a = summed(passage, 0, axes.left());
    Optional<Factor> b = summed(passage, 1, axes.right());
    sum(passage, axes, a, b, bias, scale);
    List<Factor> results = new ArrayList<>();
    kept(passage, 0, axes.row(), axes.left())
        .ifPresent(f -> results.add(f.moved(axis -> rank - 2)));
    kept(passage, 1, axes.column(), axes.right())
        .ifPresent(f -> results.add(f.moved(axis -> rank - 1)));
    results.addAll(
        batches(
            passage,
            batchesOf(passage, 0, axes.row(), axes.left(), shiftA),
            batchesOf(passage, 1, axes.column(), axes.right(), shiftB)));
    return results;
  }

  /** Units along the axis that the result keeps of an operand. */
  private static Optional<Factor> kept(Passage passage, int slot, int axis, int summed) {
    Optional<Factor> factor =
        passage.operand(slot).at(axis).filter(f -> !f.touches(summed)).isPresent()
            ? passage.along(slot, axis, BATCH)
            : Optional.empty();
    return factor.map(
        f -> {
          Factor claimed = passage.claim(slot, f, Kind.PRODUCER);
          Folding.pinNonZero(passage, claimed, "multiplies the constant that they leave");
          return claimed;
        });
  }

  private static List<Factor> batchesOf(
      Passage passage, int slot, int axis, int summed, int shift) {
    return passage.operand(slot).factors().stream()
        .filter(f -> !f.touches(axis) && !f.touches(summed))
        .map(f -> passage.claim(slot, f, Kind.PRODUCER).moved(a -> a + shift))
        .toList();
  }

  /** Whole products that go, which both operands must have. */
  private static List<Factor> batches(Passage passage, List<Factor> left, List<Factor> right) {
    List<Factor> both = new ArrayList<>();
    for (Factor a : left) {
      Optional<Factor> b =
          right.stream().filter(f -> Arrays.equals(f.axes(), a.axes())).findFirst();
      passage.unite(Optional.of(a), b, BATCH);
      b.ifPresent(
          other -> {
            boolean[] zero = a.zeros();
            for (int i = 0; i < zero.length; i++) {
              zero[i] |= other.zero(i);
            }
            Factor joined = a.with(zero);
            Folding.pinNonZero(passage, joined, "multiplies the constant that they leave");
            both.add(joined);
          });
    }
    right.stream()
        .filter(f -> left.stream().noneMatch(a -> Arrays.equals(f.axes(), a.axes())))
        .forEach(f -> passage.pin(f, BATCH));
    return both;
  }

  /** Units along the summed axis, each of whose batches goes the same way. */
  private static Optional<Factor> summed(Passage passage, int slot, int axis) {
    return passage.along(slot, axis, SUM);
  }

  private static void sum(
      Passage passage,
      Axes axes,
      Optional<Factor> a,
      Optional<Factor> b,
      Optional<String> bias,
      double scale) {
    passage.unite(a, b, SUM);
    if (a.isEmpty() || b.isEmpty()) {
      return;
    }
    Factor left = passage.claim(0, a.get(), Kind.CONSUMER);
    Factor right = passage.claim(1, b.get(), Kind.CONSUMER);
    boolean[] zero = left.zeros();
    for (int i = 0; i < zero.length; i++) {
      zero[i] |= right.zero(i);
    }
    Factor both = left.with(zero);
    if (!both.isZero()) {
      Folding.into(
          passage,
          both,
          new Folding.Product(axes.left(), axes.right(), axes.column(), bias, scale));
    }
  }
}
