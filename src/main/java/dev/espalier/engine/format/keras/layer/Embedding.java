package dev.espalier.engine.format.keras.layer;

import static dev.espalier.contract.ReasonCode.UNSUPPORTED_MASK;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.keras.lowering.Arrangement;
import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Parameter.Role;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Rows of a table by index; with {@code mask_zero}, steps of index 0 are masked. */
final class Embedding implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    Value input = call.graph().asKeras(call.input());
    int rows = call.config().integer("input_dim", 1);
    int size = call.config().integer("output_dim", 1);
    if (!call.config().isAbsent("lora_rank")) {
      throw call.unsupported("low-rank adapters are not supported: merge them before saving");
    }
    String table =
        call.weights().take("embeddings", Role.EMBEDDING, Arrangement.asKeras(), rows, size);
    Nodes on = new Nodes(call);
    String index =
        input.type() == DataType.FLOAT ? on.cast(input.name(), DataType.INT64) : input.name();
    List<Long> shape = new ArrayList<>(input.shape());
    shape.add((long) size);
    Value vectors = Value.of(on.node("Gather", table, index), shape);
    if (!call.config().flag("mask_zero", false)) {
      return List.of(vectors);
    }
    if (input.rank() != 2) {
      throw new Refusal(
          UNSUPPORTED_MASK,
          call.config().where() + ": mask_zero is supported for [batch, time] indices only");
    }
    // Compared as given: an index of 0.5 looks up row 0, but is no padding.
    String zero = call.constant("zero", Tensor.zeros(input.type()));
    return List.of(vectors.masked(on.node("Not", on.node("Equal", input.name(), zero))));
  }
}
