package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Attribute;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** All elements of a sample in a row; channels that come first are moved last before. */
final class Flatten implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Value input = call.graph().asKeras(call.input()).unmasked();
    if (input.rank() == 2) {
      return List.of(input);
    }
    Nodes on = new Nodes(call);
    String name = input.name();
    if (input.rank() < 2) {
      return List.of(input.renamed(on.unsqueeze(name, 1)).shaped(List.of(input.dimension(0), 1L)));
    }
    if (Settings.channelsFirst(call)) {
      long[] order =
          LongStream.concat(
                  LongStream.concat(LongStream.of(0), LongStream.range(2, input.rank())),
                  LongStream.of(1))
              .toArray();
      name = on.transpose(name, order);
    }
    String flat = call.append("Flatten", Map.of("axis", new Attribute.Int(1)), name);
    long size = Settings.product(input.shape().subList(1, input.rank()));
    return List.of(input.renamed(flat).shaped(List.of(input.shape().get(0), size)));
  }
}
