package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.Arrangement;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.List;

/**
 * {@code Attention} (Luong et al. 2015: products of query and key) and {@code AdditiveAttention}
 * (Bahdanau et al. 2015: tanh of their sum), or the former's mode {@code concat}.
 *
 * @param additive whether it is the second
 */
record Attention(boolean additive) implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    AttentionInputs inputs = AttentionInputs.of(call);
    String scores = additive ? additive(call, inputs) : multiplicative(call, inputs);
    String mixed =
        new Nodes(call).node("MatMul", inputs.weights(call, scores, 3), inputs.value().name());
    Value query = inputs.query();
    return List.of(
        Value.of(
            mixed, List.of(query.dimension(0), query.dimension(1), inputs.value().dimension(2))));
  }

  private static String multiplicative(LayerCall call, AttentionInputs inputs) {
    Nodes on = new Nodes(call);
    String mode = call.config().text("score_mode").orElse("dot");
    boolean scaled = call.config().flag("use_scale", false);
    String scale = scaled ? weight(call, "scale") : "";
    if (mode.equals("dot")) {
      String keys = on.transpose(inputs.key().name(), 0, 2, 1);
      String products = on.node("MatMul", inputs.query().name(), keys);
      return scaled ? on.node("Mul", products, scale) : products;
    }
    if (!mode.equals("concat")) {
      throw call.config().malformed("score_mode '" + mode + "' is not known");
    }
    String sums = sums(on, inputs);
    String curved = on.node("Tanh", scaled ? on.node("Mul", sums, scale) : sums);
    return on.node("Mul", on.sum(curved, false, 3), weight(call, "concat_score_weight"));
  }

  private static String additive(LayerCall call, AttentionInputs inputs) {
    Nodes on = new Nodes(call);
    String curved = on.node("Tanh", sums(on, inputs));
    if (!call.config().flag("use_scale", true)) {
      return on.sum(curved, false, 3);
    }
    long features = Settings.known(call, inputs.query(), 2);
    return on.sum(on.node("Mul", curved, weight(call, "scale", features)), false, 3);
  }

  /** [n, queries, values, features]. */
  private static String sums(Nodes on, AttentionInputs inputs) {
    return on.node(
        "Add", on.unsqueeze(inputs.query().name(), 2), on.unsqueeze(inputs.key().name(), 1));
  }

  private static String weight(LayerCall call, String name, long... shape) {
    return call.weights().take(name, Role.OTHER, Arrangement.asKeras(), shape);
  }
}
