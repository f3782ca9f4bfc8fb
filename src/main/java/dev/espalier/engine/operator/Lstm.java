package dev.espalier.engine.operator;

import java.util.List;

/** ONNX <a href="https://onnx.ai/onnx/operators/onnx__LSTM.html">LSTM</a>, without peepholes. */
final class Lstm extends Recurrent {
  Lstm(Site site) {
    super(site, 4, 2, "Sigmoid", "Tanh", "Tanh");
  }

  @Override
  Recurrence bind(
      RecurrentOperands operands, RecurrentResults results, List<CellFunction> functions) {
    boolean coupled = site.node().integer("input_forget", 0) != 0;
    return new LstmRecurrence(operands, results, functions, coupled);
  }
}
