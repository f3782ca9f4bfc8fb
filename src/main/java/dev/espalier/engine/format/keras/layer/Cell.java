package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.Arrangement;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Weights;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The recurrent cells. Keras lays the gates of an LSTM out as input, forget, cell, output, where
 * ONNX has input, output, forget, cell; both lay those of a GRU out as update, reset, candidate.
 */
enum Cell {
  LSTM("LSTM", 4, 2),
  GRU("GRU", 3, 1),
  SIMPLE("RNN", 1, 1);

  private final String operator;
  private final int gates;
  private final int states;

  Cell(String operator, int gates, int states) {
    this.operator = operator;
    this.gates = gates;
    this.states = states;
  }

  /** ONNX operator. */
  String operator() {
    return operator;
  }

  /** Tensors that a step hands to the next. */
  int states() {
    return states;
  }

  /** Attributes but the direction. */
  Map<String, Attribute> attributes(LayerCall call, int units) {
    Map<String, Attribute> attributes = new HashMap<>();
    attributes.put("hidden_size", new Attribute.Int(units));
    GateFunction function = GateFunction.of(call, "activation", "tanh");
    boolean late = call.layer().kerasMajor() >= 3;
    if (this == SIMPLE) {
      GateFunction.state(List.of(function), attributes);
      return attributes;
    }
    GateFunction gate =
        GateFunction.of(call, "recurrent_activation", late ? "sigmoid" : "hard_sigmoid");
    if (this == LSTM) {
      GateFunction.state(List.of(gate, function, function), attributes);
      return attributes;
    }
    GateFunction.state(List.of(gate, function), attributes);
    attributes.put("linear_before_reset", new Attribute.Int(resetsAfter(call) ? 1 : 0));
    return attributes;
  }

  /** The operator's W, R and B, the last empty for a layer without bias. */
  List<String> operands(LayerCall call, long features, int units) {
    Weights weights = call.weights().part("cell");
    Nodes on = new Nodes(call);
    long rows = (long) gates * units;
    String w =
        weights.take("kernel", Role.KERNEL, arranged(Arrangement.permuted(1, 0)), features, rows);
    String r =
        weights.take(
            "recurrent_kernel", Role.KERNEL, arranged(Arrangement.permuted(1, 0)), units, rows);
    return List.of(on.unsqueeze(w, 0), on.unsqueeze(r, 0), bias(call, weights, rows));
  }

  /** ONNX adds two biases; Keras has both only in a GRU that resets after the product. */
  private String bias(LayerCall call, Weights weights, long rows) {
    if (!call.config().flag("use_bias", true)) {
      return "";
    }
    Nodes on = new Nodes(call);
    if (this == GRU && resetsAfter(call)) {
      String both = weights.take("bias", Role.BIAS, Arrangement.asKeras(), 2, rows);
      return on.reshape(both, 1, 2 * rows);
    }
    String one = weights.take("bias", Role.BIAS, arranged(Arrangement.asKeras()), rows);
    return on.unsqueeze(on.concat(0, one, on.filled("recurrent_bias", 0, rows)), 0);
  }

  private Arrangement arranged(Arrangement arrangement) {
    return this == LSTM ? arrangement.blocked(0, 3, 1, 2) : arrangement;
  }

  /** Layers written before the setting existed reset before the product. */
  private static boolean resetsAfter(LayerCall call) {
    return call.config().flag("reset_after", call.layer().kerasMajor() >= 3);
  }
}
