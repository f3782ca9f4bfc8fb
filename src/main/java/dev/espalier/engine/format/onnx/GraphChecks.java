package dev.espalier.engine.format.onnx;

import static dev.espalier.contract.ReasonCode.OPERATOR_UNSUPPORTED;
import static dev.espalier.contract.ReasonCode.TENSOR_INVALID;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.onnx.proto.AttributeProto;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.NodeProto;

/**
 * What is refused anywhere in a model, in nested graphs too: those pass through to the runtime
 * undecoded, so nothing may hide in them.
 */
final class GraphChecks {
  private GraphChecks() {}

  /**
   * Checks a graph and all graphs within it.
   *
   * @throws Refusal for external data, operators of other domains, and sparse tensors where they
   *     would pass through undecoded
   */
  static void check(GraphProto graph) {
    check(graph, true);
  }

  private static void check(GraphProto graph, boolean decoded) {
    graph
        .getInitializerList()
        .forEach(t -> TensorDecoder.refuseExternal(t, "initializer '" + t.getName() + "'"));
    if (graph.getSparseInitializerCount() > 0 && !decoded) {
      throw sparse("graph '" + graph.getName() + "'");
    }
    for (NodeProto node : graph.getNodeList()) {
      checkDomain(node);
      boolean constant = decoded && node.getOpType().equals("Constant");
      node.getAttributeList().forEach(attribute -> check(attribute, node, constant));
      Subgraphs.of(node).forEach(nested -> check(nested, false));
    }
  }

  private static void checkDomain(NodeProto node) {
    if (!OnnxVersions.isDefaultDomain(node.getDomain())) {
      throw new Refusal(
          OPERATOR_UNSUPPORTED,
          "%s is an operator of domain '%s', not of ONNX itself: export the model without it"
              .formatted(describe(node), node.getDomain()));
    }
  }

  private static void check(AttributeProto attribute, NodeProto node, boolean constant) {
    String where = "attribute '" + attribute.getName() + "' of " + describe(node);
    if (attribute.hasT()) {
      TensorDecoder.refuseExternal(attribute.getT(), where);
    }
    attribute.getTensorsList().forEach(t -> TensorDecoder.refuseExternal(t, where));
    if ((attribute.hasSparseTensor() && !constant) || attribute.getSparseTensorsCount() > 0) {
      throw sparse(where);
    }
  }

  /** How messages name a node. */
  static String describe(NodeProto node) {
    String name =
        !node.getName().isEmpty() || node.getOutputCount() == 0
            ? node.getName()
            : "-> " + node.getOutput(0);
    return "node '" + name + "' (" + node.getOpType() + ")";
  }

  private static Refusal sparse(String where) {
    return new Refusal(
        TENSOR_INVALID, where + " holds a sparse tensor: export the model with dense tensors");
  }
}
