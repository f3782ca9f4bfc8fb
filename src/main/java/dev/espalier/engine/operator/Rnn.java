package dev.espalier.engine.operator;

import java.util.List;

/** ONNX <a href="https://onnx.ai/onnx/operators/onnx__RNN.html">RNN</a>. */
final class Rnn extends Recurrent {
  Rnn(Site site) {
    super(site, 1, 1, "Tanh");
  }

  @Override
  Recurrence bind(
      RecurrentOperands operands, RecurrentResults results, List<CellFunction> functions) {
    return new RnnRecurrence(operands, results, functions.get(0));
  }
}
