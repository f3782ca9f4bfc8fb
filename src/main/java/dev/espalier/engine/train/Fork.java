package dev.espalier.engine.train;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.Buffers;
import dev.espalier.engine.operator.Step;
import dev.espalier.engine.operator.Value;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A value that several operands read: each reader writes a gradient of its own, and the value's is
 * their sum. Operators therefore only ever write gradients, and need not know who else does.
 */
final class Fork implements Step {
  private final Value value;
  private final List<Tensor> branches = new ArrayList<>();

  Fork(Value value) {
    this.value = value;
  }

  /** The value for one more reader. */
  Value branch() {
    Tensor gradient = Tensor.zeros(DataType.FLOAT, value.data().shape());
    branches.add(gradient);
    return new Value(value.data(), gradient);
  }

  @Override
  public void forward(RandomGenerator noise) {
    // The readers share the data.
  }

  @Override
  public void backward() {
    FloatBuffer sum = value.requiredGradient().floats();
    sum.duplicate().put(branches.get(0).floats());
    for (Tensor branch : branches.subList(1, branches.size())) {
      Buffers.add(branch.floats(), sum);
    }
  }
}
