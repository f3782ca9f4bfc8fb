package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.Arrangement;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.format.keras.lowering.Weights;
import dev.espalier.engine.graph.Parameter.Role;
import java.util.List;

/**
 * Attention by several heads (Vaswani et al. 2017) over sequences: kernels [features, heads, size]
 * for query, key and value, and [heads, size, features] for the output.
 */
final class MultiHeadAttention implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    AttentionInputs inputs = AttentionInputs.of(call);
    if (!call.config().isAbsent("attention_axes")
        && !call.config().integers("attention_axes", -3).equals(List.of(1))) {
      throw call.unsupported("attention over other axes than time is not supported");
    }
    int heads = call.config().integer("num_heads", 1);
    int keySize = call.config().integer("key_dim", 1);
    int valueSize = call.config().integer("value_dim", 1, keySize);
    Nodes on = new Nodes(call);
    String query = projected(call, "query_dense", inputs.query(), heads, keySize);
    String key = projected(call, "key_dense", inputs.key(), heads, keySize);
    String value = projected(call, "value_dense", inputs.value(), heads, valueSize);
    String asked = on.node("Mul", query, on.scalar(1 / Math.sqrt(keySize)));
    String scores = on.node("MatMul", asked, on.transpose(key, 0, 1, 3, 2));
    String mixed = on.node("MatMul", inputs.weights(call, scores, 4), value);
    String joined =
        on.reshape(on.transpose(mixed, 0, 2, 1, 3), 0, 0, Math.multiplyExact(heads, valueSize));
    return List.of(output(call, inputs.query(), joined, heads, valueSize));
  }

  /** [n, heads, t, size]. */
  private static String projected(LayerCall call, String part, Value input, int heads, int size) {
    Nodes on = new Nodes(call);
    long features = Settings.known(call, input, 2);
    long columns = (long) heads * size;
    Weights weights = call.weights().part(part);
    String kernel =
        weights.take("kernel", Role.KERNEL, Arrangement.asKeras(), features, heads, size);
    String product = on.node("MatMul", input.name(), on.reshape(kernel, features, columns));
    if (call.config().flag("use_bias", true)) {
      String bias = weights.take("bias", Role.BIAS, Arrangement.asKeras(), heads, size);
      product = on.node("Add", product, on.reshape(bias, columns));
    }
    return on.transpose(on.reshape(product, 0, 0, heads, size), 0, 2, 1, 3);
  }

  private static Value output(LayerCall call, Value query, String joined, int heads, int size) {
    Nodes on = new Nodes(call);
    List<Integer> given = call.config().integers("output_shape", 1);
    if (given.size() > 1) {
      throw call.unsupported("an output with several axes per step is not supported");
    }
    long features = given.isEmpty() ? Settings.known(call, query, 2) : given.get(0);
    Weights weights = call.weights().part("output_dense");
    String kernel =
        weights.take("kernel", Role.KERNEL, Arrangement.asKeras(), heads, size, features);
    String product = on.node("MatMul", joined, on.reshape(kernel, (long) heads * size, features));
    if (call.config().flag("use_bias", true)) {
      String bias = weights.take("bias", Role.BIAS, Arrangement.asKeras(), features);
      product = on.node("Add", product, bias);
    }
    return query.renamed(product).withLast(features);
  }
}
