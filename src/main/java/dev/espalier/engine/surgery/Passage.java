package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.surgery.Coupling.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** A node on the way of channels: what a rule sees of the model, and what it says about it. */
final class Passage {
  private final ChannelTrace trace;
  private final Node node;
  private final Map<Integer, List<Factor>> results = new HashMap<>();
  private final Set<Integer> counted = new HashSet<>();

  Passage(ChannelTrace trace, Node node) {
    this.trace = trace;
    this.node = node;
  }

  static String why(Node node, String reason) {
    return "node '%s' (%s) %s".formatted(node.name(), node.operator(), reason);
  }

  Node node() {
    return node;
  }

  int opset() {
    return trace.graph().opset();
  }

  Units units() {
    return trace.units();
  }

  /** A reason that names the node. */
  String why(String reason) {
    return why(node, reason);
  }

  boolean has(int slot) {
    return node.input(slot).isPresent();
  }

  /** What is read at a slot that has an input. */
  Traced operand(int slot) {
    return trace.value(node.input(slot).orElseThrow());
  }

  /** All inputs that are not omitted. */
  List<Traced> operands() {
    return node.inputs().stream().filter(i -> !i.isEmpty()).map(trace::value).toList();
  }

  /** Shape of a result. */
  List<Long> resultShape(int result) {
    return trace.shape(node.outputs().get(result));
  }

  /** Says what units a result has; what is not said is fixed. */
  void result(int index, List<Factor> factors) {
    List<Factor> kept = new ArrayList<>();
    for (Factor factor : factors) {
      if (factor.axes().length == 0) {
        pin(factor, "separates a single channel");
      } else {
        kept.add(factor);
      }
    }
    results.put(index, kept);
  }

  /** Takes back what was said of results. */
  void forgetResults() {
    results.clear();
  }

  List<Factor> result(int index) {
    return results.getOrDefault(index, List.of());
  }

  /** Makes units stay. */
  void pin(Factor factor, String reason) {
    for (int unit : factor.units()) {
      units().pin(unit, why(reason));
    }
  }

  /** Makes all units of an operand stay. */
  void pin(int slot, String reason) {
    if (has(slot)) {
      operand(slot).factors().forEach(f -> pin(f, reason));
    }
  }

  /** Makes all units of all operands stay. */
  void pinAll(String reason) {
    operands().forEach(operand -> operand.factors().forEach(f -> pin(f, reason)));
  }

  /** The units along one axis alone; what depends on other axes as well is united across them. */
  Optional<Factor> along(int slot, int axis, String otherwise) {
    return operand(slot)
        .at(axis)
        .map(f -> f.isAlong(axis) ? f : f.separate(axis, units(), why(otherwise)));
  }

  /** The units that do not depend on an axis. */
  List<Factor> others(int slot, int axis) {
    return operand(slot).factors().stream().filter(f -> !f.touches(axis)).toList();
  }

  /**
   * Says what a constant is to the channels along it.
   *
   * @return the factor with the elements that are zero for it in the masked model
   */
  Factor claim(int slot, Factor factor, Kind kind) {
    return claim(operand(slot), factor, kind);
  }

  /** As {@link #claim(int, Factor, Kind)}, of an operand. */
  Factor claim(Traced operand, Factor factor, Kind kind) {
    if (!operand.constant()) {
      return factor;
    }
    boolean[] zero = factor.zeros();
    for (int i = 0; i < zero.length; i++) {
      zero[i] &= kind.isMasked();
      if (factor.unit(i) != Units.FIXED) {
        units().claim(factor.unit(i), kind.isMasked() && !zero[i] ? Kind.STATISTIC : kind);
      }
    }
    return factor.with(zero);
  }

  /** Unites units position by position. */
  void unite(Factor a, Factor b, String reason) {
    if (a.size() != b.size()) {
      pin(a, reason);
      pin(b, reason);
      return;
    }
    for (int i = 0; i < a.size(); i++) {
      units().unite(a.unit(i), b.unit(i), why(reason));
    }
  }

  /** Unites what is there, and pins it when only one is. */
  void unite(Optional<Factor> a, Optional<Factor> b, String reason) {
    if (a.isPresent() && b.isPresent()) {
      unite(a.get(), b.get(), reason);
    } else {
      a.ifPresent(f -> pin(f, reason));
      b.ifPresent(f -> pin(f, reason));
    }
  }

  /** The integers at a slot, where they are known before any input. */
  Optional<long[]> integers(int slot) {
    return node.input(slot).flatMap(trace::integers);
  }

  /** Integers that older operator sets hold in an attribute and newer ones in an input. */
  Optional<long[]> integers(String attribute, int slot) {
    return node.attributes().containsKey(attribute)
        ? Optional.of(node.integers(attribute))
        : integers(slot);
  }

  /** The initializer at a slot. */
  Optional<Tensor> initializer(int slot) {
    return node.input(slot).map(trace.graph().initializers()::get);
  }

  /** A number that older operator sets hold in an attribute and newer ones in an input. */
  OptionalDouble number(String attribute, int slot, double absent) {
    if (node.attributes().containsKey(attribute)) {
      return OptionalDouble.of(node.real(attribute, (float) absent));
    }
    return has(slot) ? number(slot) : OptionalDouble.of(absent);
  }

  /** The number at a slot, when it is a stored one. */
  OptionalDouble number(int slot) {
    return trace.number(node.input(slot).orElse(""));
  }

  /** An axis counted from the first. */
  int axis(long axis, int rank) {
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /**
   * Notes that an integer of an input must be the number of positions along an axis of a result.
   *
   * @param along the units there; empty when the axis stays as it is
   */
  void count(int slot, int element, Optional<Factor> along, int axis, String reason) {
    if (along.filter(f -> !f.isAlong(axis)).isPresent()) {
      counted.add(slot);
      trace.countJoint(
          new ChannelTrace.JointCount(
              node.input(slot).orElse(""), element, along.get(), axis, why(reason)));
    } else {
      count(slot, element, along.map(Factor::units).orElse(new int[0]), 1, reason);
    }
  }

  /**
   * Notes that an integer of an input must be the number of kept units.
   *
   * @param units those that are counted
   * @param sign 1, or −1 when it counts from the end
   */
  void count(int slot, int element, int[] units, int sign, String reason) {
    counted.add(slot);
    trace.counts().expect(node.input(slot).orElse(""), element, units, sign, why(reason));
  }

  /** Notes that an attribute is the number of kept units. */
  void countAttribute(String attribute, Factor units) {
    trace.countAttribute(new AttributeCount(node.name(), attribute, units));
  }

  /** Notes that an integer of an input must stay what it is. */
  void keep(int slot, int element, String reason) {
    count(slot, element, new int[0], 1, reason);
  }

  /** Whether the integers of an input were accounted for. */
  boolean counted(int slot) {
    return counted.contains(slot);
  }

  /** Notes a constant that a removed unit leaves, to be folded into a bias. */
  void fold(Fold fold) {
    trace.fold(fold);
  }

  ChannelTrace trace() {
    return trace;
  }
}
