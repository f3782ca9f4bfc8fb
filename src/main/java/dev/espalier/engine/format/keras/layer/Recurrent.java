package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code LSTM}, {@code GRU} and {@code SimpleRNN}. Backward layers return their sequence in the
 * order of processing, last step first.
 *
 * @param cell what is run
 */
record Recurrent(Cell cell) implements Lowering {
  @Override
  public List<Value> lower(LayerCall call) {
    return lower(call, call, cell);
  }

  /** Lowers a layer whose cell has its settings apart. */
  static List<Value> lower(LayerCall call, LayerCall settings, Cell cell) {
    boolean backward = call.config().flag("go_backwards", false);
    boolean sequences = call.config().flag("return_sequences", false);
    boolean zeros = call.config().flag("zero_output_for_mask", false);
    Value input = call.inputs().get(0);
    if (zeros && !sequences && input.mask().isPresent()) {
      throw Masks.refusal(call, "zero_output_for_mask without return_sequences is not supported");
    }
    Recurrence run = Recurrence.of(call, settings, cell, backward, zeros);
    List<Value> results = new ArrayList<>();
    if (sequences) {
      String steps = backward ? new Nodes(call).flipped(run.steps(), 1) : run.steps();
      Value all = Value.of(steps, sequenceShape(input, run.units()));
      results.add(input.mask().map(all::masked).orElse(all));
    } else {
      results.add(state(input, run, run.states().get(0)));
    }
    if (call.config().flag("return_state", false)) {
      run.states().forEach(state -> results.add(state(input, run, state)));
    }
    return results;
  }

  static List<Long> sequenceShape(Value input, long units) {
    return List.of(input.shape().get(0), input.shape().get(1), units);
  }

  static Value state(Value input, Recurrence run, String name) {
    return Value.of(name, List.of(input.shape().get(0), (long) run.units()));
  }
}
