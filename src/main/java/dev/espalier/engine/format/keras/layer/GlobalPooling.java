package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.DataType;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The maximum or average of all places of a channel. An average over time leaves masked steps out.
 *
 * @param average whether the average is taken
 * @param axes spatial ones
 */
record GlobalPooling(boolean average, int axes) implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    boolean keep = call.config().flag("keepdims", false);
    Images input = Images.of(call, axes);
    Nodes on = new Nodes(call);
    boolean masked = average && axes == 1 && call.input().mask().isPresent();
    String pooled =
        masked
            ? maskedAverage(on, input, call.input().mask().get())
            : on.node(average ? "GlobalAveragePool" : "GlobalMaxPool", input.name());
    if (keep) {
      return List.of(input.with(pooled, input.channels(), Collections.nCopies(axes, 1L)).value());
    }
    long[] spatial = LongStream.range(2, 2L + axes).toArray();
    long batch = call.input().shape().get(0);
    return List.of(Value.of(on.squeeze(pooled, spatial), List.of(batch, input.channels())));
  }

  private static String maskedAverage(Nodes on, Images input, String mask) {
    String weights = on.unsqueeze(on.cast(mask, DataType.FLOAT), 1);
    String total = on.sum(on.node("Mul", input.name(), weights), true, 2);
    return on.node("Div", total, on.sum(weights, true, 2));
  }
}
