package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.List;

/**
 * What attention is called on, each [n, t, features].
 *
 * @param query what asks
 * @param value what is mixed
 * @param key what is compared with the query; the values themselves when not given
 */
record AttentionInputs(Value query, Value value, Value key) {
  static AttentionInputs of(LayerCall call) {
    int given = call.inputs().size();
    if (given != 2 && given != 3) {
      throw call.config().malformed("it takes a query, values and maybe keys, but gets " + given);
    }
    Masks.none(call);
    List<Value> inputs =
        call.inputs().stream()
            .map(input -> Settings.ranked(call, call.graph().asKeras(input), 3))
            .toList();
    return new AttentionInputs(inputs.get(0), inputs.get(1), inputs.get(given - 1));
  }

  /**
   * The weights of each value for each query: the softmax of scores [n, …, queries, values].
   *
   * @param axes of the scores
   */
  String weights(LayerCall call, String scores, int axes) {
    Nodes on = new Nodes(call);
    String visible =
        call.arguments().flag("use_causal_mask", false)
            ? on.node("Add", scores, future(on, scores, axes))
            : scores;
    return on.node("Softmax", visible);
  }

  /**
   * A large negative number wherever a value lies after the query, as Keras adds to hide it, and
   * zero elsewhere.
   */
  private static String future(Nodes on, String scores, int axes) {
    String sizes = on.node("Shape", scores);
    String queries = on.node("Gather", sizes, on.integer("axis", axes - 2L));
    String values = on.node("Gather", sizes, on.integer("axis", axes - 1L));
    String zero = on.integer("zero", 0);
    String one = on.integer("one", 1);
    String rows = on.unsqueeze(on.node("Range", zero, queries, one), 1);
    String columns = on.unsqueeze(on.node("Range", zero, values, one), 0);
    return on.node("Where", on.node("Less", rows, columns), on.scalar(-1e9), on.scalar(0));
  }
}
