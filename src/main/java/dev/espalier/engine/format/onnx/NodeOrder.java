package dev.espalier.engine.format.onnx;

import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Topological order of nodes (Kahn 1962, doi:10.1145/368996.369025), taking the earliest in the
 * file among those that are ready: a file that is in order keeps its order.
 */
final class NodeOrder {
  private final List<NodeProto> nodes;
  private final Map<String, Integer> writers = new HashMap<>();

  private NodeOrder(List<NodeProto> nodes) {
    this.nodes = nodes;
  }

  /**
   * The nodes, each after all whose outputs it reads.
   *
   * @param given names of the graph's inputs and initializers
   * @throws Refusal when a value is written twice or never, or depends on itself
   */
  static List<NodeProto> sorted(List<NodeProto> nodes, Set<String> given) {
    NodeOrder order = new NodeOrder(nodes);
    order.findWriters(given);
    return order.sort(given);
  }

  private void findWriters(Set<String> given) {
    for (int i = 0; i < nodes.size(); i++) {
      for (String output : nodes.get(i).getOutputList()) {
        if (!output.isEmpty()
            && (given.contains(output) || writers.putIfAbsent(output, i) != null)) {
          throw new Refusal(MODEL_MALFORMED, "value '" + output + "' is defined more than once");
        }
      }
    }
  }

  private List<NodeProto> sort(Set<String> given) {
    List<List<Integer>> readers = new ArrayList<>();
    int[] waiting = new int[nodes.size()];
    nodes.forEach(node -> readers.add(new ArrayList<>()));
    for (int i = 0; i < nodes.size(); i++) {
      for (int writer : writersOf(nodes.get(i), given)) {
        readers.get(writer).add(i);
        waiting[i]++;
      }
    }
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int i = 0; i < waiting.length; i++) {
      if (waiting[i] == 0) {
        ready.add(i);
      }
    }
    List<NodeProto> sorted = new ArrayList<>(nodes.size());
    while (!ready.isEmpty()) {
      int next = ready.remove();
      sorted.add(nodes.get(next));
      for (int reader : readers.get(next)) {
        if (--waiting[reader] == 0) {
          ready.add(reader);
        }
      }
    }
    requireAll(sorted, waiting);
    return sorted;
  }

  private Set<Integer> writersOf(NodeProto node, Set<String> given) {
    Set<Integer> found = new HashSet<>();
    for (String name : Subgraphs.reads(node)) {
      Integer writer = writers.get(name);
      if (writer != null) {
        found.add(writer);
      } else if (!given.contains(name)) {
        throw new Refusal(
            MODEL_MALFORMED,
            GraphChecks.describe(node) + " reads '" + name + "', which nothing defines");
      }
    }
    return found;
  }

  private void requireAll(List<NodeProto> sorted, int... waiting) {
    for (int i = 0; sorted.size() < nodes.size() && i < waiting.length; i++) {
      if (waiting[i] > 0) {
        throw new Refusal(
            MODEL_MALFORMED, GraphChecks.describe(nodes.get(i)) + " is part of or behind a cycle");
      }
    }
  }
}
