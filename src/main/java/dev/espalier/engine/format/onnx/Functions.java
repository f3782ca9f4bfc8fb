package dev.espalier.engine.format.onnx;

import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;
import static dev.espalier.contract.ReasonCode.OPERATOR_UNSUPPORTED;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.onnx.proto.AttributeProto;
import dev.espalier.engine.format.onnx.proto.FunctionProto;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.ModelProto;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.format.onnx.proto.OperatorSetIdProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Replaces calls of a model's own functions by their bodies (ONNX IR specification, "Functions"):
 * the values of a body get names of their own, its attribute references the values of the call.
 * Weights are passed to functions as arguments, so they keep their names.
 */
final class Functions {
  private final Map<String, FunctionProto> functions = new HashMap<>();
  private final FormatLimits limits;
  private final List<NodeProto> nodes = new ArrayList<>();
  private final Set<String> inner = new HashSet<>();
  private int calls;

  private Functions(ModelProto model, int opset, FormatLimits limits) {
    this.limits = limits;
    for (FunctionProto function : model.getFunctionsList()) {
      requireSameOpset(function, opset);
      functions.put(
          key(function.getDomain(), function.getName(), function.getOverload()), function);
    }
  }

  /**
   * A graph without calls.
   *
   * @param graph the main graph of the model, its calls replaced
   * @param inner names of the values that bodies define, none of which stands in the file
   */
  record Inlined(GraphProto graph, Set<String> inner) {}

  /**
   * Inlines the functions of a model.
   *
   * @param opset version of the default operator set that the model follows
   * @throws Refusal {@code graph-too-large} or {@code operator-unsupported}
   */
  static Inlined inline(ModelProto model, int opset, FormatLimits limits) {
    if (model.getFunctionsCount() == 0) {
      return new Inlined(model.getGraph(), Set.of());
    }
    Functions functions = new Functions(model, opset, limits);
    model.getGraph().getNodeList().forEach(node -> functions.add(node, 0));
    GraphProto graph = model.getGraph().toBuilder().clearNode().addAllNode(functions.nodes).build();
    return new Inlined(graph, functions.inner);
  }

  private static String key(String domain, String name, String overload) {
    String normalized = OnnxVersions.isDefaultDomain(domain) ? "" : domain;
    return normalized + "\n" + name + "\n" + overload;
  }

  private static void requireSameOpset(FunctionProto function, int opset) {
    for (OperatorSetIdProto set : function.getOpsetImportList()) {
      if (OnnxVersions.isDefaultDomain(set.getDomain()) && set.getVersion() != opset) {
        throw new Refusal(
            OPERATOR_UNSUPPORTED,
            "function '%s' uses operator set %d, the model %d: export it with its functions inlined"
                .formatted(function.getName(), set.getVersion(), opset));
      }
    }
  }

  private void add(NodeProto node, int depth) {
    FunctionProto function =
        functions.get(key(node.getDomain(), node.getOpType(), node.getOverload()));
    if (function == null) {
      nodes.add(node);
    } else {
      expand(node, function, depth);
    }
    requireWithinLimits(depth);
  }

  /** Calls are counted, too: functions of calls alone would take for ever and leave no node. */
  private void requireWithinLimits(int depth) {
    if (nodes.size() + calls > limits.nodes() || depth > limits.depth()) {
      throw new Refusal(
          GRAPH_TOO_LARGE,
          "the model's functions make more than %d nodes and calls, or lie %d deep in each other"
              .formatted(limits.nodes(), limits.depth()));
    }
  }

  private void expand(NodeProto call, FunctionProto function, int depth) {
    requireWithinLimits(depth);
    String prefix = "function/" + calls++ + "/";
    Map<String, String> names = new HashMap<>(Map.of("", ""));
    for (int i = 0; i < function.getInputCount(); i++) {
      names.put(function.getInput(i), i < call.getInputCount() ? call.getInput(i) : "");
    }
    for (int i = 0; i < function.getOutputCount() && i < call.getOutputCount(); i++) {
      if (!call.getOutput(i).isEmpty()) {
        names.put(function.getOutput(i), call.getOutput(i));
      }
    }
    for (NodeProto node : function.getNodeList()) {
      if (!Subgraphs.of(node).isEmpty()) {
        throw new Refusal(
            OPERATOR_UNSUPPORTED,
            "function '%s' holds a nested graph: export the model with its functions inlined"
                .formatted(function.getName()));
      }
      NodeProto.Builder copy = node.toBuilder().clearInput().clearOutput().clearAttribute();
      node.getInputList().forEach(name -> copy.addInput(name(name, prefix, names)));
      for (String output : node.getOutputList()) {
        String name = name(output, prefix, names);
        inner.add(name);
        copy.addOutput(name);
      }
      node.getAttributeList().forEach(attribute -> addAttribute(attribute, call, function, copy));
      add(copy.setName(call.getName() + "/" + node.getOpType()).build(), depth + 1);
    }
  }

  private static String name(String name, String prefix, Map<String, String> names) {
    return names.computeIfAbsent(name, n -> prefix + n);
  }

  private static void addAttribute(
      AttributeProto attribute, NodeProto call, FunctionProto function, NodeProto.Builder copy) {
    if (attribute.getRefAttrName().isEmpty()) {
      copy.addAttribute(attribute);
      return;
    }
    List<AttributeProto> given = new ArrayList<>(call.getAttributeList());
    given.addAll(function.getAttributeProtoList());
    given.stream()
        .filter(value -> value.getName().equals(attribute.getRefAttrName()))
        .findFirst()
        .ifPresent(value -> copy.addAttribute(value.toBuilder().setName(attribute.getName())));
  }
}
