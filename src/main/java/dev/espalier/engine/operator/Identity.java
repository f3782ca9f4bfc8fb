package dev.espalier.engine.operator;

import java.util.List;

/** ONNX <a href="https://onnx.ai/onnx/operators/onnx__Identity.html">Identity</a>: y = x. */
record Identity(Site site) implements Operator.View {
  @Override
  public long[] shape(List<long[]> operands) {
    return operands.get(0);
  }
}
