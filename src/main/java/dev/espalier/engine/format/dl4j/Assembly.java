package dev.espalier.engine.format.dl4j;

import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;

import com.fasterxml.jackson.core.JsonPointer;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FiniteWeights;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The graph under construction. */
final class Assembly {
  /** The operator set the nodes follow. */
  private static final int OPSET = 17;

  private final Coefficients coefficients;
  private final List<ValueInfo> inputs = new ArrayList<>();
  private final List<ValueInfo> outputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Tensor> initializers = new LinkedHashMap<>();
  private final List<Parameter> parameters = new ArrayList<>();
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final Map<JsonPointer, Width> sizes = new LinkedHashMap<>();
  private final Map<String, Width> pins = new LinkedHashMap<>();

  Assembly(Coefficients coefficients) {
    this.coefficients = coefficients;
  }

  /**
   * Where a parameter lies in the flat array.
   *
   * @param position of its first element
   */
  record Slot(int position, Arrangement arrangement) {}

  /**
   * A graph and how it hangs together with the file.
   *
   * @param type of the elements of the file
   * @param slots where parameters lie, by name, in the file's order
   * @param sizes what the configuration says about sizes, by place
   * @param pins sizes that cannot change, by what depends on them
   */
  record Assembled(
      Graph graph,
      DataType type,
      Map<String, Slot> slots,
      Map<JsonPointer, Width> sizes,
      Map<String, Width> pins) {}

  /** Declares an input; what follows sees channels behind the batch. */
  Value input(String name, Flow flow) {
    claim(name);
    inputs.add(new ValueInfo(name, DataType.FLOAT, flow.dimensions()));
    return Layouts.ours(this, name, new Value(name, flow));
  }

  /** Declares an output, in the layout that callers of Deeplearning4j see. */
  void output(String name, Value value) {
    Value theirs = Layouts.theirs(this, name, value);
    claim(name);
    nodes.add(new Node(name, "Identity", List.of(theirs.name()), List.of(name), Map.of()));
    outputs.add(new ValueInfo(name, DataType.FLOAT, theirs.flow().dimensions()));
  }

  /** Appends an operator on a value and further inputs; what it gives is of the same kind. */
  Value append(
      String layer,
      String operator,
      Value value,
      Map<String, Attribute> attributes,
      String... further) {
    List<String> all = new ArrayList<>(List.of(value.name()));
    all.addAll(List.of(further));
    return new Value(node(layer, operator, all, attributes, 1).get(0), value.flow());
  }

  /** Appends an operator without attributes on a value and further inputs. */
  Value append(String layer, String operator, Value value, String... further) {
    return append(layer, operator, value, Map.of(), further);
  }

  /** Appends an operator; gives the names of its results. */
  List<String> node(
      String layer,
      String operator,
      List<String> operands,
      Map<String, Attribute> attributes,
      int results) {
    String name = unique(layer + "/" + operator);
    List<String> written = new ArrayList<>(List.of(name));
    for (int i = 1; i < results; i++) {
      written.add(unique(name + ":" + i));
    }
    nodes.add(new Node(name, operator, operands, written, attributes));
    return written;
  }

  /**
   * Takes the next parameter from the flat array.
   *
   * @param suffix what Deeplearning4j calls it within the layer
   * @param shape in our graph
   */
  String parameter(
      Site site, String suffix, Parameter.Role role, Arrangement arrangement, long... shape) {
    String source = site.key() + "_" + site.prefix() + suffix;
    String what = "'" + source + "' of layer '" + site.name() + "'";
    claim(source);
    slots.put(source, new Slot(coefficients.position(), arrangement));
    Tensor tensor = coefficients.take(what, arrangement, shape);
    FiniteWeights.require(tensor, what);
    parameters.add(new Parameter(source, source, site.name(), role, null, site.frozen()));
    initializers.put(source, tensor);
    return source;
  }

  /** A dimension of a parameter over a divisor, as a size that follows it. */
  Width width(String parameter, int axis, long over) {
    Tensor tensor = initializers.get(parameter);
    if (tensor == null) {
      throw new IllegalArgumentException("no parameter '" + parameter + "'");
    }
    long size = tensor.dimension(axis) / over;
    return new Width(size, 0, List.of(new Width.Term(parameter, axis, 1, over)));
  }

  /** A dimension of a parameter, as a size that follows it. */
  Width width(String parameter, int axis) {
    return width(parameter, axis, 1);
  }

  /** States that a field of the configuration says a size. */
  void says(Fields fields, String field, Width width) {
    if (fields.isNumber(field)) {
      sizes.put(fields.place(field), width);
    }
  }

  /** States that something depends on a size staying as it is. */
  void pin(String what, Width width) {
    pins.put(what, width);
  }

  /** A constant tensor; gives its name. */
  String constant(String name, Tensor tensor) {
    String unique = unique(name);
    initializers.put(unique, tensor);
    return unique;
  }

  /** A constant number; gives its name. */
  String constant(String name, double number) {
    return constant(name, Tensor.of(new float[] {(float) number}));
  }

  /** A constant vector of integers; gives its name. */
  String integers(String name, long... integers) {
    return constant(name, Tensor.of(integers, integers.length));
  }

  private String unique(String wanted) {
    String unique = wanted;
    for (int i = nodes.size(); !names.add(unique); i++) {
      unique = wanted + "_" + i;
    }
    return unique;
  }

  private void claim(String name) {
    if (!names.add(name)) {
      throw new Refusal(MODEL_MALFORMED, "two things of the network are called '" + name + "'");
    }
  }

  /**
   * The graph.
   *
   * @throws Refusal when parameters are left in the file, or nothing is computed
   */
  Assembled finish() {
    coefficients.requireAllTaken();
    if (nodes.stream().allMatch(node -> node.operator().equals("Identity"))) {
      throw new Refusal(MODEL_MALFORMED, "the network computes nothing");
    }
    Graph graph =
        new Graph(
            OPSET,
            inputs,
            outputs,
            OutputNames.inlined(nodes, outputs, inputs),
            initializers,
            parameters);
    return new Assembled(graph, coefficients.type(), slots, sizes, pins);
  }
}
