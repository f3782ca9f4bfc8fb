package dev.espalier.engine.format.onnx;

import dev.espalier.engine.format.onnx.proto.AttributeProto;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The graphs inside nodes such as {@code If} and {@code Loop}. */
final class Subgraphs {
  private Subgraphs() {}

  /** The graphs that a node holds in its attributes. */
  static List<GraphProto> of(NodeProto node) {
    return node.getAttributeList().stream().flatMap(Subgraphs::of).toList();
  }

  private static Stream<GraphProto> of(AttributeProto attribute) {
    return attribute.hasG()
        ? Stream.concat(Stream.of(attribute.getG()), attribute.getGraphsList().stream())
        : attribute.getGraphsList().stream();
  }

  /** Everything a node reads: its inputs and the outer values that its subgraphs refer to. */
  static Set<String> reads(NodeProto node) {
    Set<String> names = new LinkedHashSet<>(node.getInputList());
    names.addAll(captured(node));
    names.remove("");
    return names;
  }

  /** The outer values that the subgraphs of a node refer to. */
  static Set<String> captured(NodeProto node) {
    Set<String> names = new LinkedHashSet<>();
    for (GraphProto graph : of(node)) {
      names.addAll(free(graph));
    }
    return names;
  }

  private static Set<String> free(GraphProto graph) {
    Set<String> defined = new HashSet<>();
    graph.getInputList().forEach(input -> defined.add(input.getName()));
    graph.getInitializerList().forEach(initializer -> defined.add(initializer.getName()));
    graph.getNodeList().forEach(node -> defined.addAll(node.getOutputList()));
    Set<String> free = new LinkedHashSet<>();
    graph.getNodeList().forEach(node -> free.addAll(reads(node)));
    graph.getOutputList().forEach(output -> free.add(output.getName()));
    free.removeAll(defined);
    return free;
  }
}
