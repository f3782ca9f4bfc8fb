package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Values combined element by element, sizes of 1 repeated; values with fewer axes get further ones
 * after the batch's.
 *
 * @param operator of ONNX
 * @param average whether the result is divided by the number of values
 * @param masksMatter whether some release of Keras changes values by their masks
 */
record Merging(String operator, boolean average, boolean masksMatter) implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    if (call.inputs().size() < 2 || (operator.equals("Sub") && call.inputs().size() != 2)) {
      throw call.config().malformed("it merges " + call.inputs().size() + " values");
    }
    List<Value> values = Operands.aligned(call, raised(call));
    Nodes on = new Nodes(call);
    String result = values.get(0).name();
    List<Long> shape = values.get(0).shape();
    for (Value value : values.subList(1, values.size())) {
      result = on.node(operator, result, value.name());
      shape = Shapes.broadcast(call, shape, value.shape());
    }
    if (average) {
      result = on.node("Mul", result, on.scalar(1.0 / values.size()));
    }
    Value merged = values.get(0).unmasked().renamed(result).shaped(shape);
    return List.of(mask(call).map(merged::masked).orElse(merged));
  }

  private Optional<String> mask(LayerCall call) {
    if (masksMatter) {
      Masks.none(call);
    }
    // Keras passes a mask on only when every value has one.
    boolean all = call.inputs().stream().allMatch(value -> value.mask().isPresent());
    return all ? Masks.shared(call) : Optional.empty();
  }

  private static List<Value> raised(LayerCall call) {
    int rank = call.inputs().stream().mapToInt(Value::rank).max().orElse(0);
    Nodes on = new Nodes(call);
    List<Value> raised = new ArrayList<>();
    for (Value input : call.inputs()) {
      int missing = rank - input.rank();
      if (missing == 0) {
        raised.add(input);
        continue;
      }
      Value value = call.graph().asKeras(input);
      List<Long> shape = new ArrayList<>(value.shape());
      for (int i = 0; i < missing; i++) {
        shape.add(1, 1L);
      }
      long[] axes = LongStream.rangeClosed(1, missing).toArray();
      raised.add(value.renamed(on.unsqueeze(value.name(), axes)).shaped(shape));
    }
    return raised;
  }
}
