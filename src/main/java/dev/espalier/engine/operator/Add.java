package dev.espalier.engine.operator;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Add.html">Add</a> with multidirectional
 * broadcasting; the gradient of a repeated operand is the sum over its repetitions.
 */
record Add(Site site) implements Operator.Computed {
  Add {
    site.operands(2, 2);
    if (site.opset() < 7 && site.node().integer("broadcast", 0) != 0) {
      throw site.untrainable("broadcasts by the rules from before opset 7");
    }
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(2);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    return Broadcast.shape(operands.get(0), operands.get(1))
        .orElseThrow(() -> site.mismatch(operands));
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    Value a = operands.get(0);
    Value b = operands.get(1);
    Broadcast overA = new Broadcast(a.data().shape(), result.data().shape());
    Broadcast overB = new Broadcast(b.data().shape(), result.data().shape());
    return new Step() {
      @Override
      public void forward(RandomGenerator noise) {
        overA.copy(a.data().floats(), result.data().floats());
        overB.add(b.data().floats(), result.data().floats());
      }

      @Override
      public void backward() {
        reduce(overA, a);
        reduce(overB, b);
      }

      private void reduce(Broadcast repetition, Value operand) {
        if (operand.differentiated()) {
          repetition.reduce(
              result.requiredGradient().floats(), operand.requiredGradient().floats(), 1f);
        }
      }
    };
  }
}
