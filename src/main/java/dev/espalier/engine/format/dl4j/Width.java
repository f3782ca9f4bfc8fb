package dev.espalier.engine.format.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The number of channels or features of a value, and what it follows from: a constant and the
 * dimensions of parameters. So it can be told again when parameters have changed shape.
 *
 * @param size the number, or {@link #UNKNOWN}
 * @param fixed the part of it that no parameter decides
 * @param terms the parts that parameters decide
 */
record Width(long size, long fixed, List<Term> terms) {
  /** The size of an input that nothing in the configuration tells. */
  static final long UNKNOWN = -1;

  /**
   * A dimension of a parameter, times a factor, over a divisor.
   *
   * @param parameter name in the graph
   */
  record Term(String parameter, int axis, long times, long over) {}

  /** A constant. */
  static Width of(long size) {
    return new Width(size, size, List.of());
  }

  /** A size that is not told. */
  static Width unknown() {
    return of(UNKNOWN);
  }

  /** Whether the size is told. */
  boolean isKnown() {
    return size != UNKNOWN;
  }

  /** Whether two sizes can be the same. */
  boolean agreesWith(Width other) {
    return !isKnown() || !other.isKnown() || size == other.size;
  }

  /** The size of both behind each other. */
  Width plus(Width other) {
    if (!isKnown() || !other.isKnown()) {
      return unknown();
    }
    List<Term> all = new ArrayList<>(terms);
    all.addAll(other.terms);
    return new Width(Math.addExact(size, other.size), fixed + other.fixed, List.copyOf(all));
  }

  /** The size with {@code factor} positions for each of now. */
  Width times(long factor) {
    if (!isKnown()) {
      return this;
    }
    List<Term> all =
        terms.stream()
            .map(t -> new Term(t.parameter(), t.axis(), t.times() * factor, t.over()))
            .toList();
    return new Width(Math.multiplyExact(size, factor), fixed * factor, all);
  }

  /**
   * The size for other parameters.
   *
   * @param shapes of parameters by name
   */
  long sizeFor(Function<String, long[]> shapes) {
    long sum = fixed;
    for (Term term : terms) {
      sum += shapes.apply(term.parameter())[term.axis()] * term.times() / term.over();
    }
    return sum;
  }
}
