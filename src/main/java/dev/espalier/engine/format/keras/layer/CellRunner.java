package dev.espalier.engine.format.keras.layer;

import dev.espalier.engine.format.keras.lowering.LayerCall;
import dev.espalier.engine.format.keras.lowering.LayerSpec;
import dev.espalier.engine.format.keras.lowering.Lowering;
import dev.espalier.engine.format.keras.lowering.Value;
import java.util.List;
import java.util.Map;

/** {@code RNN}: runs a cell that is configured apart; stacks of cells are not read. */
final class CellRunner implements Lowering {
  private static final Map<String, Cell> CELLS =
      Map.of("LSTMCell", Cell.LSTM, "GRUCell", Cell.GRU, "SimpleRNNCell", Cell.SIMPLE);

  @Override
  public List<Value> lower(LayerCall call) {
    LayerSpec inner = call.layer().wrapped("cell");
    Cell cell = CELLS.get(inner.className());
    if (cell == null) {
      throw call.unsupported("cells of class '" + inner.className() + "' are not supported");
    }
    return Recurrent.lower(call, call.configured(inner.config()), cell);
  }
}
