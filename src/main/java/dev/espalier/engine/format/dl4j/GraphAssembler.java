package dev.espalier.engine.format.dl4j;

import static dev.espalier.contract.ReasonCode.LAYER_UNSUPPORTED;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;

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

/** Strings layers into a graph; images are channels-first inside, whatever the callers see. */
final class GraphAssembler {
  /** The operator set the nodes follow. */
  private static final int OPSET = 17;

  private static final String INPUT = "input";
  private static final String OUTPUT = "output";
  private static final Attribute TO_CHANNELS_FIRST = new Attribute.Ints(List.of(0L, 3L, 1L, 2L));
  private static final Attribute TO_CHANNELS_LAST = new Attribute.Ints(List.of(0L, 2L, 3L, 1L));

  private final Coefficients coefficients;
  private final List<Node> nodes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Tensor> initializers = new LinkedHashMap<>();
  private final List<Parameter> parameters = new ArrayList<>();
  private final Map<String, Integer> positions = new LinkedHashMap<>();
  private String value = INPUT;
  private Flow flow;

  private GraphAssembler(Coefficients coefficients, Flow input) {
    this.coefficients = coefficients;
    this.flow = input;
  }

  /**
   * A graph, and where its parameters lie.
   *
   * @param positions of the parameters' first elements in the flat array, by initializer name
   */
  record Assembled(Graph graph, Map<String, Integer> positions) {}

  /**
   * Assembles a network.
   *
   * @throws Refusal when layers do not fit each other or the parameters
   */
  static Assembled assemble(Network network, Coefficients coefficients) {
    Flow input = network.input();
    GraphAssembler graph = new GraphAssembler(coefficients, input);
    if (input instanceof Flow.Image image && image.channelsLast()) {
      graph.append(INPUT, "Transpose", Map.of("perm", TO_CHANNELS_FIRST));
    }
    network.stages().forEach(graph::append);
    coefficients.requireAllTaken();
    return new Assembled(graph.finish(input), graph.positions);
  }

  private void append(Network.Stage stage) {
    String name = stage.layer().name();
    if (stage.preprocessor() != null) {
      reshape(name, stage.preprocessor());
    }
    if (stage.dropRatio() > 0) {
      Tensor ratio = Tensor.zeros(DataType.FLOAT);
      ratio.floats().put((float) stage.dropRatio());
      append(name, "Dropout", Map.of(), List.of(constant(name + "/Dropout/ratio", ratio)));
    }
    stage.layer().appendTo(this);
  }

  private void reshape(String layer, Preprocessor change) {
    requireInput(layer, change.input());
    if (change.flattens()) {
      if (change.channelsLast()) {
        append(layer, "Transpose", Map.of("perm", TO_CHANNELS_LAST));
      }
      append(layer, "Flatten", Map.of("axis", new Attribute.Int(1)));
    } else {
      long[] shape = {-1, change.channels(), change.height(), change.width()};
      String name = constant(layer + "/Reshape/shape", Tensor.of(shape, shape.length));
      append(layer, "Reshape", Map.of(), List.of(name));
    }
    flow = change.output();
  }

  /** Appends an operator on the current value. */
  void append(String layer, String operator, Map<String, Attribute> attributes) {
    append(layer, operator, attributes, List.of());
  }

  /** Appends an operator on the current value and further inputs. */
  void append(
      String layer, String operator, Map<String, Attribute> attributes, List<String> further) {
    String name = layer + "/" + operator;
    for (int i = nodes.size(); !names.add(name); i++) {
      name = layer + "/" + operator + "_" + i;
    }
    List<String> inputs = new ArrayList<>(List.of(value));
    inputs.addAll(further);
    nodes.add(new Node(name, operator, inputs, List.of(name), attributes));
    value = name;
  }

  /** Takes the next parameters from the flat array. */
  String parameter(String source, String layer, Parameter.Role role, long... shape) {
    positions.put(source, coefficients.position());
    Tensor tensor = coefficients.take("'" + source + "' of layer '" + layer + "'", shape);
    FiniteWeights.require(tensor, "'" + source + "' of layer '" + layer + "'");
    parameters.add(new Parameter(source, source, layer, role));
    initializers.put(source, tensor);
    return source;
  }

  private String constant(String name, Tensor tensor) {
    String unique = name;
    for (int i = nodes.size(); initializers.putIfAbsent(unique, tensor) != null; i++) {
      unique = name + "_" + i;
    }
    return unique;
  }

  /** States what the current value is. */
  void flows(Flow now) {
    flow = now;
  }

  /** Refuses a layer that does not take what the one before gives. */
  void requireInput(String layer, Flow expected) {
    if (!flow.equals(expected)) {
      throw new Refusal(
          MODEL_MALFORMED,
          "layer '%s' takes %s, but the layer before gives %s".formatted(layer, expected, flow));
    }
  }

  /** Refuses a layer that needs images of this layout and does not get them. */
  void requireImage(String layer, boolean channelsLast) {
    if (!(flow instanceof Flow.Image image) || image.channelsLast() != channelsLast) {
      throw new Refusal(
          MODEL_MALFORMED,
          "layer '%s' takes images with channels %s, but the layer before gives %s"
              .formatted(layer, channelsLast ? "last" : "first", flow));
    }
  }

  /** Refuses what is only supported on vectors. */
  void requireFlat(String layer) {
    if (!(flow instanceof Flow.Flat)) {
      throw new Refusal(
          LAYER_UNSUPPORTED, "layer '" + layer + "': softmax and output on images not supported");
    }
  }

  private Graph finish(Flow input) {
    if (nodes.isEmpty()) {
      throw new Refusal(MODEL_MALFORMED, "the network computes nothing");
    }
    Node last = nodes.remove(nodes.size() - 1);
    requireFlat(last.name());
    nodes.add(
        new Node(last.name(), last.operator(), last.inputs(), List.of(OUTPUT), last.attributes()));
    return new Graph(
        OPSET,
        List.of(new ValueInfo(INPUT, DataType.FLOAT, input.dimensions())),
        List.of(new ValueInfo(OUTPUT, DataType.FLOAT, flow.dimensions())),
        nodes,
        initializers,
        parameters);
  }
}
