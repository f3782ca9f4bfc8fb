package dev.espalier.engine.mask;

import dev.espalier.engine.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The equation of an ONNX <a href="https://onnx.ai/onnx/operators/onnx__Einsum.html">Einsum</a>,
 * such as {@code abc,cde->abde}: each letter is an axis, and those without a place in the result
 * are summed over.
 *
 * @param operands the letters of each operand
 * @param result the letters of the result
 */
record EinsteinSum(List<String> operands, String result) {
  private static final Pattern LETTERS = Pattern.compile("[A-Za-z]*");

  /** The equation of {@code node}; empty when it has axes without letters, or no such operand. */
  static Optional<EinsteinSum> of(Node node, int slot) {
    String[] sides = node.text("equation", "").replace(" ", "").split("->", 2);
    List<String> operands = List.of(sides[0].split(",", -1));
    String result = sides.length == 2 ? sides[1] : implied(sides[0]);
    boolean plain =
        slot < operands.size()
            && LETTERS.matcher(result).matches()
            && operands.stream().allMatch(letters -> LETTERS.matcher(letters).matches());
    return plain ? Optional.of(new EinsteinSum(operands, result)) : Optional.empty();
  }

  /** Without a result, the letters that occur once are its axes, in the order of the alphabet. */
  private static String implied(String operands) {
    StringBuilder once = new StringBuilder();
    operands
        .chars()
        .filter(c -> c != ',' && operands.indexOf(c) == operands.lastIndexOf(c))
        .sorted()
        .forEach(c -> once.append((char) c));
    return once.toString();
  }

  /** An operand as a matrix that sums over what the result does not have. */
  Optional<KernelMatrix> matrix(int slot, StridedView view) {
    String letters = operands.get(slot);
    if (letters.length() != view.rank() || letters.chars().distinct().count() != view.rank()) {
      return Optional.empty();
    }
    List<Extent> rows = new ArrayList<>();
    List<Extent> inputs = new ArrayList<>();
    for (int axis = 0; axis < view.rank(); axis++) {
      boolean kept = result.indexOf(letters.charAt(axis)) >= 0;
      (kept ? rows : inputs).addAll(view.axis(axis));
    }
    return Optional.of(new KernelMatrix(rows, List.of(), inputs));
  }
}
