package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An LSTM or a simple recurrent layer. Its parameters are input weights [in, gates · out] and
 * recurrent weights [out, gates · out], both column-major, then the bias [gates · out].
 *
 * @param gates 4 for an LSTM, in the order that {@link Arrangement#GATES_REVERSED} tells, else 1
 * @param functions the ONNX names of the activation functions
 * @param reverse whether it runs from the last time step to the first
 */
record Recurrent(
    Site site,
    int in,
    int out,
    int gates,
    List<String> functions,
    boolean featuresLast,
    boolean reverse)
    implements Layer {
  private static final int LSTM_GATES = 4;

  static Recurrent lstm(Site site, boolean reverse) {
    String gate = function(site, "gateActivationFn");
    String cell = function(site, "activationFn");
    return of(site, LSTM_GATES, List.of(gate, cell, cell), reverse);
  }

  static Recurrent simple(Site site, boolean reverse) {
    if (!site.fields().isUnset("hasLayerNorm")) {
      throw site.fields().unsupported("layer normalisation inside a layer is not supported");
    }
    return of(site, 1, List.of(function(site, "activationFn")), reverse);
  }

  private static Recurrent of(Site site, int gates, List<String> functions, boolean reverse) {
    return new Recurrent(
        site,
        site.fields().integer("nin", 1),
        site.fields().integer("nout", 1),
        gates,
        functions,
        site.featuresLast("rnnDataFormat"),
        reverse);
  }

  private static String function(Site site, String field) {
    Activation activation = Activation.of(site.fields(), field);
    return activation
        .recurrent()
        .orElseThrow(
            () ->
                site.fields()
                    .unsupported(
                        "activation '%s' is not supported in a recurrent layer"
                            .formatted(activation.kind())));
  }

  @Override
  public Optional<Flow> input() {
    return Optional.of(new Flow.Sequence(Width.of(in), featuresLast));
  }

  @Override
  public Value appendTo(Assembly graph, Value value) {
    Flow.Sequence flow = site.requireSequence(value, featuresLast, Width.of(in));
    Arrangement order = gates == 1 ? Arrangement.ROW_MAJOR : Arrangement.GATES_REVERSED;
    long rows = (long) gates * out;
    String w = graph.parameter(site, "W", Role.KERNEL, order, rows, in);
    String r = graph.parameter(site, "RW", Role.KERNEL, order, rows, out);
    String b = graph.parameter(site, "b", Role.BIAS, order, rows);
    Width width = graph.width(w, 0, gates);
    graph.says(site.fields(), "nin", graph.width(w, 1));
    graph.says(site.fields(), "nout", width);
    String layer = site.name();
    Value steps = Layouts.transposed(graph, layer, value, 2, 0, 1);
    Value outputs =
        graph.append(
            layer,
            gates == 1 ? "RNN" : "LSTM",
            steps,
            attributes(),
            oneDirection(graph, w),
            oneDirection(graph, r),
            bias(graph, b, rows));
    Value single = graph.append(layer, "Squeeze", outputs, graph.integers(layer + "/axes", 1));
    return Layouts.transposed(graph, layer, single, 1, 2, 0).as(flow).with(width);
  }

  private Map<String, Attribute> attributes() {
    Map<String, Attribute> attributes = new HashMap<>();
    attributes.put("hidden_size", new Attribute.Int(out));
    attributes.put("activations", new Attribute.Texts(functions));
    if (reverse) {
      attributes.put("direction", new Attribute.Text("reverse"));
    }
    return attributes;
  }

  private String oneDirection(Assembly graph, String tensor) {
    String axes = graph.integers(site.name() + "/axes", 0);
    return graph.node(site.name(), "Unsqueeze", List.of(tensor, axes), Map.of(), 1).get(0);
  }

  /** ONNX has a second bias for the recurrent product. */
  private String bias(Assembly graph, String bias, long rows) {
    String none = graph.constant(site.name() + "/zeros", Tensor.zeros(DataType.FLOAT, rows));
    Map<String, Attribute> axis = Map.of("axis", new Attribute.Int(0));
    return oneDirection(
        graph, graph.node(site.name(), "Concat", List.of(bias, none), axis, 1).get(0));
  }
}
