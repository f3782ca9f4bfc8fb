package dev.espalier.engine.format.onnx;

import dev.espalier.engine.format.onnx.proto.NodeProto;
import java.util.HashSet;
import java.util.Set;

/** Gives every node a name of its own: ONNX allows missing and repeated ones. */
final class NodeNames {
  private final Set<String> taken = new HashSet<>();
  private int next;

  /** The node's name, with a number where it is missing or taken. */
  String unique(NodeProto node) {
    String base = node.getName().isEmpty() ? node.getOpType() : node.getName();
    String name = node.getName().isEmpty() ? base + "_" + next : base;
    next++;
    while (!taken.add(name)) {
      name = base + "_" + next++;
    }
    return name;
  }
}
