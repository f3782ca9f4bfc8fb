package dev.espalier.engine.format.dl4j;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The order in which the parameters of a graph's vertices lie in the flat array: the stored
 * topological order, or where there is none, as in files of before 1.0.0-beta, the one that
 * Deeplearning4j computes by Kahn's algorithm. That one depends on the order in which Java's hash
 * sets give small integers, so the same sets are used here.
 */
final class VertexOrder {
  private VertexOrder() {}

  /**
   * The vertices' names, each after those it takes from.
   *
   * @param sources what each vertex takes, in the file's order
   * @throws dev.espalier.contract.Refusal when the graph has a cycle or the stored order is none
   */
  static List<String> of(Fields root, List<String> inputs, Map<String, List<String>> sources) {
    List<String> stored = root.texts("topologicalOrderStr");
    if (stored.isEmpty() || root.isUnset("topologicalOrder")) {
      return computed(root, inputs, sources);
    }
    Set<String> fed = new HashSet<>(inputs);
    Set<String> seen = new HashSet<>();
    for (String name : stored) {
      boolean known = fed.contains(name) || sources.containsKey(name);
      if (!known || !seen.containsAll(sources.getOrDefault(name, List.of())) || !seen.add(name)) {
        throw root.malformed("its topological order is none at '" + name + "'");
      }
    }
    if (seen.size() != inputs.size() + sources.size()) {
      throw root.malformed("its topological order does not name every vertex");
    }
    return stored.stream().filter(sources::containsKey).toList();
  }

  private static List<String> computed(
      Fields root, List<String> inputs, Map<String, List<String>> sources) {
    List<String> names = new ArrayList<>(inputs);
    names.addAll(sources.keySet());
    Map<String, Integer> numbers = new LinkedHashMap<>();
    names.forEach(name -> numbers.put(name, numbers.size()));
    Map<Integer, Set<Integer>> from = new HashMap<>();
    Map<Integer, Set<Integer>> to = new HashMap<>();
    sources.forEach(
        (name, takes) -> {
          Integer number = numbers.get(name);
          for (String source : takes) {
            from.computeIfAbsent(number, key -> new HashSet<>()).add(numbers.get(source));
            to.computeIfAbsent(numbers.get(source), key -> new HashSet<>()).add(number);
          }
        });
    ArrayDeque<Integer> open = new ArrayDeque<>();
    for (int number = 0; number < names.size(); number++) {
      if (!from.containsKey(number)) {
        open.add(number);
      }
    }
    List<String> order = new ArrayList<>();
    while (!open.isEmpty()) {
      Integer next = open.remove();
      order.add(names.get(next));
      for (Integer follower : to.getOrDefault(next, Set.of())) {
        Set<Integer> left = from.getOrDefault(follower, new HashSet<>());
        left.remove(next);
        if (left.isEmpty()) {
          open.add(follower);
        }
      }
    }
    if (order.size() != names.size()) {
      names.removeAll(new HashSet<>(order));
      throw root.malformed("the graph has a cycle, which includes vertex '" + names.get(0) + "'");
    }
    return order.stream().filter(sources::containsKey).toList();
  }
}
