package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.LayerSpec;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/** A layer applied to each step of a sequence alone: steps become samples and back. */
final class TimeDistributed implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Value input = call.graph().asKeras(call.input());
    if (input.rank() < 3) {
      throw call.config().malformed("it takes sequences, but gets " + input.shape());
    }
    long batch = input.dimension(0);
    if (input.mask().isPresent() && call.layer().kerasMajor() < 3 && batch > 0) {
      throw Masks.refusal(call, "masked steps of a fixed batch are not supported");
    }
    Nodes on = new Nodes(call);
    LayerSpec inner = call.layer().wrapped("layer");
    List<Long> sample = input.shape().subList(2, input.rank());
    for (int axis = 2; axis < input.rank(); axis++) {
      Settings.known(call, input, axis);
    }
    List<Long> flat = new ArrayList<>(List.of(ValueInfo.UNKNOWN));
    flat.addAll(sample);
    String steps = on.reshape(input.name(), longs(flat));
    Value each = input.unmasked().renamed(steps).shaped(flat);
    Value result =
        call.graph()
            .asKeras(Layers.lower(call.on(inner, call.weights().part("layer"), each)).get(0));
    List<Long> one = result.shape().subList(1, result.rank());
    List<Long> shape = new ArrayList<>(List.of(batch, input.dimension(1)));
    shape.addAll(one);
    Value whole = result.unmasked().renamed(restored(on, input, result.name(), one)).shaped(shape);
    return List.of(input.mask().map(whole::masked).orElse(whole));
  }

  private static String restored(Nodes on, Value input, String steps, List<Long> one) {
    if (input.dimension(1) != ValueInfo.UNKNOWN) {
      List<Long> shape = new ArrayList<>(List.of(ValueInfo.UNKNOWN, input.dimension(1)));
      shape.addAll(one);
      return on.reshape(steps, longs(shape));
    }
    String outer =
        on.node(
            "Slice",
            on.node("Shape", input.name()),
            on.integers("starts", 0),
            on.integers("ends", 2));
    return on.node("Reshape", steps, on.concat(0, outer, on.integers("shape", longs(one))));
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}
