package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.Value;
import dev.espalier.engine.graph.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cell run over a sequence.
 *
 * @param steps outputs [n, t, units] by the time of their input, whatever the direction
 * @param states after the last step processed, [n, units] each; the first is also the last output
 * @param units size of an output
 */
record Recurrence(String steps, List<String> states, int units) {

  /** Copies its states. */
  Recurrence {
    states = List.copyOf(states);
  }

  /**
   * Runs a recurrent layer over its first input; further inputs are the initial states.
   *
   * @param settings the same call with the settings of the cell, where those are apart
   * @param backward from the last step to the first
   * @param zeros whether masked steps give zeros instead of the output before
   */
  static Recurrence of(
      LayerCall call, LayerCall settings, Cell cell, boolean backward, boolean zeros) {
    refuseUnsupported(call);
    Value input = Settings.ranked(call, call.graph().asKeras(call.inputs().get(0)), 3);
    int units = settings.config().integer("units", 1);
    Map<String, Attribute> attributes = cell.attributes(settings, units);
    attributes.put("direction", new Attribute.Text(backward ? "reverse" : "forward"));
    List<String> operands =
        new ArrayList<>(cell.operands(settings, Settings.known(call, input, 2), units));
    Nodes on = new Nodes(call);
    Optional<MaskedSteps> masked = input.mask().map(mask -> MaskedSteps.of(on, input, mask));
    String sequence = masked.map(steps -> steps.gather(input.name())).orElse(input.name());
    operands.add(0, on.transpose(sequence, 1, 0, 2));
    operands.add(masked.map(MaskedSteps::lengths).orElse(""));
    operands.addAll(initialStates(call, cell));
    while (operands.get(operands.size() - 1).isEmpty()) {
      operands.remove(operands.size() - 1);
    }
    List<String> results =
        call.graph()
            .append(call.layer().name(), cell.operator(), attributes, operands, 1 + cell.states());
    String inOrder = on.transpose(on.squeeze(results.get(0), 1), 1, 0, 2);
    return new Recurrence(
        masked.map(steps -> steps.scatter(inOrder, backward, zeros)).orElse(inOrder),
        results.subList(1, results.size()).stream().map(state -> on.squeeze(state, 0)).toList(),
        units);
  }

  private static void refuseUnsupported(LayerCall call) {
    if (call.config().flag("stateful", false)) {
      throw call.unsupported("stateful: what it gives for a sample depends on those before");
    }
    if (call.config().flag("time_major", false)) {
      throw call.unsupported("time_major sequences are not supported");
    }
  }

  private static List<String> initialStates(LayerCall call, Cell cell) {
    int given = call.inputs().size() - 1;
    if (given != 0 && given != cell.states()) {
      throw call.config().malformed("it takes %d states, not %d".formatted(cell.states(), given));
    }
    Nodes on = new Nodes(call);
    return call.inputs().stream().skip(1).map(state -> on.unsqueeze(state.name(), 0)).toList();
  }
}
