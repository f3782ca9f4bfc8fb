package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The axes in another order; {@code dims} counts from 1, the batch stays. */
final class Permute implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Value input = call.graph().asKeras(call.input()).unmasked();
    List<Integer> dims = call.config().integers("dims", 1);
    if (!dims.stream()
        .sorted()
        .toList()
        .equals(IntStream.range(1, input.rank()).boxed().toList())) {
      throw call.config()
          .malformed("dims %s do not order the axes of %s".formatted(dims, input.shape()));
    }
    long[] order =
        IntStream.concat(IntStream.of(0), dims.stream().mapToInt(Integer::intValue))
            .asLongStream()
            .toArray();
    List<Long> shape = new ArrayList<>();
    for (long axis : order) {
      shape.add(input.dimension((int) axis));
    }
    String result = new Nodes(call).transpose(input.name(), order);
    return List.of(input.renamed(result).shaped(shape));
  }
}
