package dev.espalier.engine.operator;

import static dev.espalier.engine.operator.Broadcast.BLOCK;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Plays an element-wise operator block by block. */
final class PointwiseStep implements Step {
  private final Pointwise operator;
  private final List<Value> operands;
  private final Value result;
  private final List<Broadcast> repetitions;

  /** The operands as floats. */
  private final List<Tensor> floats = new ArrayList<>();

  private final float[][] x;
  private final float[][] gradients;
  private final float[] y = new float[BLOCK];
  private final float[] g = new float[BLOCK];

  PointwiseStep(Pointwise operator, List<Value> operands, Value result) {
    this.operator = operator;
    this.operands = operands;
    this.result = result;
    this.repetitions =
        Broadcast.of(
            operands.stream().map(operand -> operand.data().shape()).toList(),
            result.data().shape());
    for (Value operand : operands) {
      boolean real = operand.data().type() == DataType.FLOAT;
      floats.add(real ? operand.data() : Tensor.zeros(DataType.FLOAT, operand.data().shape()));
    }
    this.x = new float[operands.size()][BLOCK];
    this.gradients = new float[operands.size()][BLOCK];
  }

  @Override
  public void forward(RandomGenerator noise) {
    for (int i = 0; i < x.length; i++) {
      if (floats.get(i) != operands.get(i).data()) {
        convert(operands.get(i).data(), floats.get(i).floats());
      }
    }
    FloatBuffer out = result.data().floats();
    FloatBuffer[] in = floats.stream().map(Tensor::floats).toArray(FloatBuffer[]::new);
    int width = repetitions.get(0).width();
    for (int row = 0; row < repetitions.get(0).rows(); row++) {
      for (int at = 0; at < width; at += BLOCK) {
        int n = Math.min(BLOCK, width - at);
        load(in, row, at, n);
        operator.apply(x, y, n);
        out.put(row * width + at, y, 0, n);
      }
    }
  }

  private static void convert(Tensor from, FloatBuffer to) {
    ByteBuffer bytes = from.bytes();
    for (int i = 0; i < to.capacity(); i++) {
      to.put(i, (float) Numbers.get(bytes, from.type(), i));
    }
  }

  private void load(FloatBuffer[] in, int row, int at, int n) {
    for (int i = 0; i < x.length; i++) {
      repetitions.get(i).load(in[i], row, at, x[i], n);
    }
  }

  @Override
  public void backward() {
    FloatBuffer out = result.data().floats();
    FloatBuffer from = result.requiredGradient().floats();
    FloatBuffer[] in = floats.stream().map(Tensor::floats).toArray(FloatBuffer[]::new);
    FloatBuffer[] to = new FloatBuffer[x.length];
    for (int i = 0; i < x.length; i++) {
      Value operand = operands.get(i);
      to[i] = operand.differentiated() ? operand.requiredGradient().floats() : in[i];
      repetitions.get(i).clear();
    }
    int width = repetitions.get(0).width();
    for (int row = 0; row < repetitions.get(0).rows(); row++) {
      for (int at = 0; at < width; at += BLOCK) {
        int n = Math.min(BLOCK, width - at);
        load(in, row, at, n);
        out.get(row * width + at, y, 0, n);
        from.get(row * width + at, g, 0, n);
        operator.chain(x, y, g, gradients, n);
        for (int i = 0; i < x.length; i++) {
          if (operands.get(i).differentiated()) {
            repetitions.get(i).accumulate(to[i], row, at, gradients[i], n);
          }
        }
      }
    }
    for (int i = 0; i < x.length; i++) {
      if (operands.get(i).differentiated()) {
        repetitions.get(i).store(to[i], 1f);
      }
    }
  }
}
