package dev.espalier.engine.format.onnx;

import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;
import static dev.espalier.contract.ReasonCode.TENSOR_INVALID;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.onnx.proto.AttributeProto;
import dev.espalier.engine.format.onnx.proto.GraphProto;
import dev.espalier.engine.format.onnx.proto.NodeProto;
import dev.espalier.engine.format.onnx.proto.SparseTensorProto;
import dev.espalier.engine.format.onnx.proto.TensorProto;
import dev.espalier.engine.format.onnx.proto.TensorShapeProto.Dimension;
import dev.espalier.engine.format.onnx.proto.TypeProto;
import dev.espalier.engine.format.onnx.proto.ValueInfoProto;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Turns the main graph of a model into ours: nodes in order and named, constants of {@code
 * Constant} nodes among the initializers, initializers no longer among the inputs (where files of
 * IR version 3 list them).
 */
final class GraphDecoder {
  private final GraphProto proto;
  private final FormatLimits limits;
  private final TensorDecoder tensors;
  private final SparseTensors sparse;
  private final Map<String, Tensor> initializers = new LinkedHashMap<>();

  GraphDecoder(GraphProto proto, FormatLimits limits) {
    this.proto = proto;
    this.limits = limits;
    this.tensors = new TensorDecoder(limits);
    this.sparse = new SparseTensors(limits, tensors);
  }

  /**
   * The graph.
   *
   * @param opset version of the operator set that its nodes follow
   * @param inner names of values that do not stand in the file as such, so are no parameters
   */
  Graph decode(int opset, Set<String> inner) {
    for (TensorProto tensor : proto.getInitializerList()) {
      initializer(tensor.getName(), where -> tensors.decode(tensor, where));
    }
    for (SparseTensorProto tensor : proto.getSparseInitializerList()) {
      initializer(tensor.getValues().getName(), where -> sparse.decode(tensor, where));
    }
    Set<String> stored = Set.copyOf(initializers.keySet());
    List<ValueInfo> inputs = inputs();
    List<NodeProto> sorted = NodeOrder.sorted(proto.getNodeList(), given(inputs));
    List<Node> nodes = Permutations.explicit(nodes(sorted), initializers);
    List<ValueInfo> outputs = outputs(sorted, inputs);
    Set<String> captured = new HashSet<>(inner);
    sorted.forEach(node -> captured.addAll(Subgraphs.captured(node)));
    List<Parameter> parameters =
        new ParameterRoles(nodes, initializers, stored, captured).parameters();
    return new Graph(opset, inputs, outputs, nodes, initializers, parameters);
  }

  private void initializer(String name, Function<String, Tensor> decoder) {
    String where = "initializer '" + name + "'";
    if (initializers.put(name, decoder.apply(where)) != null) {
      throw new Refusal(MODEL_MALFORMED, where + " is defined more than once");
    }
  }

  private List<ValueInfo> inputs() {
    List<ValueInfo> inputs =
        proto.getInputList().stream()
            .filter(input -> !initializers.containsKey(input.getName()))
            .map(input -> value(input, "input"))
            .toList();
    if (inputs.isEmpty()) {
      throw new Refusal(MODEL_INCOMPLETE, "the graph has no input");
    }
    return inputs;
  }

  private Set<String> given(List<ValueInfo> inputs) {
    Set<String> names = new HashSet<>(initializers.keySet());
    for (ValueInfo input : inputs) {
      if (!names.add(input.name())) {
        throw new Refusal(
            MODEL_MALFORMED, "input '" + input.name() + "' is defined more than once");
      }
    }
    return names;
  }

  private List<Node> nodes(List<NodeProto> sorted) {
    NodeNames names = new NodeNames();
    return sorted.stream()
        .filter(node -> !(node.getOpType().equals("Constant") && tookConstant(node)))
        .map(node -> node(node, names))
        .toList();
  }

  private boolean tookConstant(NodeProto node) {
    var constant = ConstantNodes.value(node, tensors, sparse);
    constant.ifPresent(tensor -> initializers.put(node.getOutput(0), tensor));
    return constant.isPresent();
  }

  private Node node(NodeProto node, NodeNames names) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    AttributeDecoder decoder = new AttributeDecoder(tensors);
    for (AttributeProto attribute : node.getAttributeList()) {
      Attribute value = decoder.decode(attribute, GraphChecks.describe(node));
      if (attributes.put(attribute.getName(), value) != null) {
        throw new Refusal(
            MODEL_MALFORMED,
            GraphChecks.describe(node) + " has attribute '" + attribute.getName() + "' twice");
      }
    }
    return new Node(
        names.unique(node),
        node.getOpType(),
        node.getInputList(),
        node.getOutputList(),
        attributes);
  }

  private List<ValueInfo> outputs(List<NodeProto> nodes, List<ValueInfo> inputs) {
    Set<String> defined = given(inputs);
    nodes.forEach(node -> defined.addAll(node.getOutputList()));
    if (proto.getOutputCount() == 0) {
      throw new Refusal(MODEL_INCOMPLETE, "the graph has no output");
    }
    for (ValueInfoProto output : proto.getOutputList()) {
      if (!defined.contains(output.getName())) {
        throw new Refusal(
            MODEL_MALFORMED, "output '" + output.getName() + "' is not defined by any node");
      }
    }
    return proto.getOutputList().stream().map(output -> value(output, "output")).toList();
  }

  private ValueInfo value(ValueInfoProto info, String kind) {
    String where = kind + " '" + info.getName() + "'";
    TypeProto.Tensor type = info.getType().getTensorType();
    if (!info.getType().hasTensorType() || !type.hasShape()) {
      throw new Refusal(
          MODEL_INCOMPLETE, where + " declares no tensor shape: export the model with shapes");
    }
    if (type.getShape().getDimCount() > limits.rank()) {
      throw new Refusal(TENSOR_INVALID, where + " has more than " + limits.rank() + " dimensions");
    }
    DataType element =
        TensorDecoder.type(type.getElemType())
            .orElseThrow(
                () ->
                    new Refusal(
                        TENSOR_INVALID,
                        "%s has element type %s, which is not supported"
                            .formatted(where, TensorDecoder.typeName(type.getElemType()))));
    List<Long> dimensions =
        type.getShape().getDimList().stream().map(GraphDecoder::dimension).toList();
    return new ValueInfo(info.getName(), element, dimensions);
  }

  /** Exporters write free dimensions as a name, as nothing, as 0 or as a negative number. */
  private static long dimension(Dimension dimension) {
    return dimension.getDimValue() > 0 ? dimension.getDimValue() : ValueInfo.UNKNOWN;
  }
}
