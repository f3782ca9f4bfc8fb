package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.LayerSpec;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A recurrent layer run over a sequence both ways. Masked steps of returned sequences are zeros,
 * which Keras forces in this wrapper.
 */
final class Bidirectional implements Lowering {
  private static final Map<String, Cell> CELLS =
      Map.of("LSTM", Cell.LSTM, "GRU", Cell.GRU, "SimpleRNN", Cell.SIMPLE);

  @Override
  public List<Value> lower(LayerCall call) {
    Value input = call.input();
    LayerSpec forward = call.layer().wrapped("layer");
    LayerSpec backward =
        call.config().isAbsent("backward_layer") ? forward : call.layer().wrapped("backward_layer");
    boolean sequences = forward.config().flag("return_sequences", false);
    if (forward.config().flag("go_backwards", false)
        || sequences != backward.config().flag("return_sequences", false)) {
      throw call.unsupported("its two layers do not go together");
    }
    Recurrence a = run(call, forward, "forward_layer", false, sequences);
    Recurrence b = run(call, backward, "backward_layer", true, sequences);
    List<Value> results = new ArrayList<>(merged(call, input, a, b, sequences));
    if (forward.config().flag("return_state", false)) {
      a.states().forEach(state -> results.add(Recurrent.state(input, a, state)));
      b.states().forEach(state -> results.add(Recurrent.state(input, b, state)));
    }
    return results;
  }

  private static Recurrence run(
      LayerCall call, LayerSpec layer, String part, boolean backward, boolean zeros) {
    Cell cell = CELLS.get(layer.className());
    if (cell == null) {
      throw call.unsupported("'" + layer.className() + "' run both ways is not supported");
    }
    LayerCall inner = call.on(layer, call.weights().part(part), call.input());
    return Recurrence.of(inner, inner, cell, backward, zeros);
  }

  private static List<Value> merged(
      LayerCall call, Value input, Recurrence a, Recurrence b, boolean sequences) {
    Value left = output(input, a, sequences);
    Value right = output(input, b, sequences);
    Nodes on = new Nodes(call);
    boolean separate = call.config().raw("merge_mode").isNull();
    String mode = separate ? "" : call.config().text("merge_mode").orElse("concat");
    if (!separate && !mode.equals("concat") && a.units() != b.units()) {
      throw call.config().malformed("outputs of different sizes do not merge");
    }
    return switch (mode) {
      case "" -> List.of(left, right);
      case "concat" ->
          List.of(
              left.renamed(on.concat(sequences ? 2 : 1, left.name(), right.name()))
                  .withLast((long) a.units() + b.units()));
      case "sum" -> List.of(left.renamed(on.node("Add", left.name(), right.name())));
      case "mul" -> List.of(left.renamed(on.node("Mul", left.name(), right.name())));
      case "ave" ->
          List.of(
              left.renamed(
                  on.node("Mul", on.node("Add", left.name(), right.name()), on.scalar(0.5))));
      default -> throw call.config().malformed("merge_mode '" + mode + "' is not known");
    };
  }

  private static Value output(Value input, Recurrence run, boolean sequences) {
    if (!sequences) {
      return Recurrent.state(input, run, run.states().get(0));
    }
    Value all = Value.of(run.steps(), Recurrent.sequenceShape(input, run.units()));
    return input.mask().map(all::masked).orElse(all);
  }
}
