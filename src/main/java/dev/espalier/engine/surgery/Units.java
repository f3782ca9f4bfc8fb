package dev.espalier.engine.surgery;

import dev.espalier.engine.surgery.Coupling.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What can only be removed together: a union–find over positions of tensors' axes. A unit that is
 * pinned stays, and so does all that is united with it.
 */
final class Units {
  /** A position that always stays. */
  static final int FIXED = 0;

  private int[] parents = new int[1024];
  private int size = 1;
  private final Map<Integer, String> pins = new HashMap<>();
  private final List<Kind> kinds = new ArrayList<>();
  private final Set<Integer> neverZero = new HashSet<>();

  Units() {
    pins.put(FIXED, "it is joined with values that no layer writes");
    kinds.add(Kind.STATISTIC);
  }

  /** New units, each on its own. */
  int[] fresh(int count) {
    int[] fresh = new int[count];
    if (size + count > parents.length) {
      parents = Arrays.copyOf(parents, Math.max(2 * parents.length, size + count));
    }
    for (int i = 0; i < count; i++) {
      fresh[i] = size;
      parents[size] = size;
      kinds.add(null);
      size++;
    }
    return fresh;
  }

  /** The unit that stands for all that are united with {@code unit}. */
  int find(int unit) {
    int root = unit;
    while (parents[root] != root) {
      parents[root] = parents[parents[root]];
      root = parents[root];
    }
    return root;
  }

  /**
   * Unites two units.
   *
   * @param why the other stays when one of them is {@link #FIXED}
   */
  void unite(int a, int b, String why) {
    int first = find(a);
    int second = find(b);
    if (first == FIXED || second == FIXED) {
      pin(first == FIXED ? second : first, why);
    } else if (first != second) {
      parents[second] = first;
      String pin = pins.remove(second);
      if (pin != null) {
        pins.putIfAbsent(first, pin);
      }
    }
  }

  /** Makes a unit stay; the first reason counts. */
  void pin(int unit, String why) {
    pins.putIfAbsent(find(unit), why);
  }

  /** Why a unit stays. */
  Optional<String> pinned(int unit) {
    return Optional.ofNullable(pins.get(find(unit)));
  }

  /**
   * Notes what a position of a tensor is to its channel; of several uses, the one that asks for
   * zeros counts.
   */
  void claim(int position, Kind kind) {
    Kind known = kinds.get(position);
    if (known == null || kind.compareTo(known) < 0) {
      kinds.set(position, kind);
    }
  }

  /** Notes that a position of a tensor must not be zero where it is read, as a divisor. */
  void requireNonZero(int position) {
    neverZero.add(position);
  }

  /** What a position of a tensor is to its channel; empty when nothing reads it as such. */
  Optional<Kind> kind(int position) {
    return Optional.ofNullable(kinds.get(position));
  }

  /** Pins what would have to be zero and must not be. */
  void settle() {
    for (int position : neverZero) {
      if (kind(position).filter(Kind::isMasked).isPresent()) {
        pin(position, "it is both a factor and a divisor");
      }
    }
  }
}
