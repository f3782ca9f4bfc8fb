package dev.espalier.engine.operator;

import java.util.List;

/** ONNX <a href="https://onnx.ai/onnx/operators/onnx__GRU.html">GRU</a>. */
final class Gru extends Recurrent {
  Gru(Site site) {
    super(site, 3, 1, "Sigmoid", "Tanh");
  }

  @Override
  Recurrence bind(
      RecurrentOperands operands, RecurrentResults results, List<CellFunction> functions) {
    boolean resetAfter = site.node().integer("linear_before_reset", 0) != 0;
    return new GruRecurrence(operands, results, functions, resetAfter);
  }
}
