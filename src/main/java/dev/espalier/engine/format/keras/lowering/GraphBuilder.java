package dev.espalier.engine.format.keras.lowering;

import dev.espalier.engine.format.keras.lowering.Value.Layout;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The graph that layers append to. Every name it gives is unique. */
public final class GraphBuilder {
  /** The operator set the nodes follow. */
  public static final int OPSET = 17;

  private final List<ValueInfo> inputs = new ArrayList<>();
  private final List<ValueInfo> outputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> initializers = new LinkedHashMap<>();
  private final List<Parameter> parameters = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<Value, Value> rearranged = new HashMap<>();

  /** Nodes so far. */
  public int size() {
    return nodes.size();
  }

  /** A name that nothing else has: the hint, or the hint with a number. */
  public String unique(String hint) {
    String name = hint;
    for (int i = 1; !names.add(name); i++) {
      name = hint + "_" + i;
    }
    return name;
  }

  /** Declares an input of the model. */
  public Value input(String name, ValueInfo info) {
    inputs.add(new ValueInfo(unique(name), info.type(), info.dimensions()));
    ValueInfo added = inputs.get(inputs.size() - 1);
    return Value.of(added.name(), added.dimensions()).typed(added.type());
  }

  /** Makes a value an output of the model, in Keras' order of axes. */
  public void output(String name, Value value) {
    Value result = asKeras(value);
    String unique = unique(name);
    nodes.add(new Node(unique, "Identity", List.of(result.name()), List.of(unique), Map.of()));
    outputs.add(new ValueInfo(unique, result.type(), result.shape()));
  }

  /**
   * Appends an operator with one result.
   *
   * @param layer name of the layer it belongs to
   * @param values inputs in the operator's order, empty for an omitted one
   * @return name of the result
   */
  public String append(
      String layer, String operator, Map<String, Attribute> attributes, List<String> values) {
    String name = unique(layer + "/" + operator);
    nodes.add(new Node(name, operator, values, List.of(name), attributes));
    return name;
  }

  /**
   * Appends an operator with several results.
   *
   * @param results how many
   * @return their names, in the operator's order
   */
  public List<String> append(
      String layer,
      String operator,
      Map<String, Attribute> attributes,
      List<String> values,
      int results) {
    String name = unique(layer + "/" + operator);
    List<String> written =
        IntStream.range(0, results).mapToObj(i -> unique(name + "/" + i)).toList();
    nodes.add(new Node(name, operator, values, written, attributes));
    return written;
  }

  /** Adds a constant that is no parameter. */
  public String constant(String hint, Tensor tensor) {
    String name = unique(hint);
    initializers.put(name, tensor);
    return name;
  }

  /** Adds a trained tensor under the name it states, which must be unique. */
  public void parameter(Parameter parameter, Tensor tensor) {
    initializers.put(parameter.tensor(), tensor);
    parameters.add(parameter);
  }

  /** The value with its axes in Keras' order. */
  public Value asKeras(Value value) {
    return arranged(value, Layout.AS_KERAS);
  }

  /** The value with the channels, Keras' last axis, moved to the second. */
  public Value channelsMovedFirst(Value value) {
    return arranged(value, Layout.CHANNELS_MOVED_FIRST);
  }

  private Value arranged(Value value, Layout layout) {
    if (value.layout() == layout || value.rank() < 3) {
      return value.arranged(layout);
    }
    Value known = rearranged.get(value.unmasked());
    if (known == null) {
      String name =
          append(
              value.name(),
              "Transpose",
              Map.of("perm", new Attribute.Ints(permutation(layout, value.rank()))),
              List.of(value.name()));
      known = value.unmasked().renamed(name).arranged(layout);
      rearranged.put(value.unmasked(), known);
      rearranged.put(known, value.unmasked());
    }
    return value.renamed(known.name()).arranged(layout);
  }

  private static List<Long> permutation(Layout layout, int rank) {
    List<Long> axes = new ArrayList<>(rank);
    axes.add(0L);
    for (long axis = 1; axis < rank - 1; axis++) {
      axes.add(layout == Layout.AS_KERAS ? axis + 1 : axis);
    }
    axes.add(layout == Layout.AS_KERAS ? rank - 1 : 1, layout == Layout.AS_KERAS ? 1L : rank - 1L);
    return axes;
  }

  /** The graph. */
  public Graph build() {
    return new Graph(OPSET, inputs, outputs, nodes, initializers, parameters);
  }
}
