package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node where it stands: what an operator reads its attributes from.
 *
 * @param node the node
 * @param opset version of the default operator set
 * @param constants tensors known before any input, by value name; trained ones are not among them
 */
public record Site(Node node, int opset, Map<String, Tensor> constants) {

  /** A fresh exception that names the node, its operator and {@code why}. */
  public Untrainable untrainable(String why) {
    return new Untrainable(describe(why));
  }

  private String describe(String why) {
    return "node '%s' (%s): %s".formatted(node.name(), node.operator(), why);
  }

  /** Requires between {@code least} and {@code most} inputs without gaps; returns their number. */
  int operands(int least, int most) {
    int present = 0;
    while (node.input(present).isPresent()) {
      present++;
    }
    long all = node.inputs().stream().filter(name -> !name.isEmpty()).count();
    if (present != all || present < least || present > most) {
      throw untrainable("has inputs " + node.inputs());
    }
    return present;
  }

  /** Whether an input is present and constant. */
  boolean isConstant(int input) {
    return node.input(input).map(constants::containsKey).orElse(false);
  }

  /**
   * The constant tensor of an input; empty when the input is omitted.
   *
   * @throws Untrainable.NotConstant when it is neither
   */
  Optional<Tensor> constant(int input) {
    return node.input(input)
        .map(
            name -> {
              Tensor tensor = constants.get(name);
              if (tensor == null) {
                throw new Untrainable.NotConstant(
                    describe("input '" + name + "' is not a constant"));
              }
              return tensor;
            });
  }

  /** The constant integers of an input; empty when the input is omitted. */
  Optional<long[]> integers(int input) {
    return constant(input).map(Numbers::longs);
  }

  /** Integers that older operator sets hold in an attribute and newer ones in an input. */
  Optional<long[]> integers(String attribute, int input) {
    return node.attributes().containsKey(attribute)
        ? Optional.of(node.integers(attribute))
        : integers(input);
  }

  /** A number that older operator sets hold in an attribute and newer ones in an input. */
  float real(String attribute, int input, float absent) {
    return constant(input)
        .map(tensor -> (float) Numbers.doubles(tensor)[0])
        .orElseGet(() -> node.real(attribute, absent));
  }

  /**
   * The axis an attribute names, counted from the front, in a tensor of {@code rank} dimensions.
   */
  int axis(long axis, int rank) {
    long fromFront = axis < 0 ? axis + rank : axis;
    if (fromFront < 0 || fromFront >= rank) {
      throw untrainable("axis " + axis + " of rank " + rank);
    }
    return (int) fromFront;
  }

  /** Which of {@code rank} axes a list names; each at most once. */
  boolean[] axes(int rank, long... axes) {
    boolean[] named = new boolean[rank];
    for (long axis : axes) {
      int at = axis(axis, rank);
      if (named[at]) {
        throw untrainable("names axis " + axis + " twice");
      }
      named[at] = true;
    }
    return named;
  }

  /** A fresh exception about shapes the node does not accept. */
  Untrainable mismatch(List<long[]> shapes) {
    return untrainable("does not accept shapes " + shapes.stream().map(Arrays::toString).toList());
  }
}
