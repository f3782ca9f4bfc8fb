package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * ONNX's reductions over axes: <a
 * href="https://onnx.ai/onnx/operators/onnx__ReduceMean.html">ReduceMean</a>, ReduceSum, ReduceMax,
 * ReduceMin, ReduceSumSquare (Σx², derivative 2x) and ReduceL2 (√Σx², derivative x/y, 0 where y is
 * 0).
 */
record Reduce(Site site) implements Operator.Computed {
  @Override
  public List<Integer> operands() {
    return Operator.leading(1);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    return new ReducedAxes(site).shape(operands.get(0));
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    Value x = operands.get(0);
    ReducedAxes axes = new ReducedAxes(site);
    boolean[] reduced = axes.reduced(x.data().rank());
    Broadcast repetition = Broadcast.of(axes.kept(x.data().shape()), x.data().shape());
    return switch (site.node().operator()) {
      case "ReduceMax" -> new ExtremeStep(x, result, reduced, 1);
      case "ReduceMin" -> new ExtremeStep(x, result, reduced, -1);
      case "ReduceMean" ->
          new Linear(x, result, repetition, (float) result.data().size() / x.data().size());
      case "ReduceSum" -> new Linear(x, result, repetition, 1f);
      case "ReduceSumSquare" -> new Squares(x, result, repetition, false);
      default -> new Squares(x, result, repetition, true);
    };
  }

  /** The sum times a factor. */
  private record Linear(Value x, Value result, Broadcast repetition, float factor) implements Step {
    @Override
    public void forward(RandomGenerator noise) {
      repetition.reduce(x.data().floats(), result.data().floats(), factor);
    }

    @Override
    public void backward() {
      FloatBuffer from = result.requiredGradient().floats();
      repetition.copy(from, x.requiredGradient().floats(), factor);
    }
  }

  private static final class Squares implements Step {
    private final Value x;
    private final Value result;
    private final Broadcast repetition;
    private final boolean root;
    private final FloatBuffer squares;
    private final FloatBuffer factors;

    Squares(Value x, Value result, Broadcast repetition, boolean root) {
      this.x = x;
      this.result = result;
      this.repetition = repetition;
      this.root = root;
      this.squares = Tensor.zeros(x.data().type(), x.data().shape()).floats();
      this.factors = Tensor.zeros(x.data().type(), result.data().shape()).floats();
    }

    @Override
    public void forward(RandomGenerator noise) {
      FloatBuffer in = x.data().floats();
      FloatBuffer out = result.data().floats();
      for (int i = 0; i < squares.capacity(); i++) {
        squares.put(i, in.get(i) * in.get(i));
      }
      repetition.reduce(squares, out, 1f);
      for (int i = 0; root && i < out.capacity(); i++) {
        out.put(i, (float) Math.sqrt(out.get(i)));
      }
    }

    @Override
    public void backward() {
      FloatBuffer g = result.requiredGradient().floats();
      FloatBuffer y = result.data().floats();
      FloatBuffer in = x.data().floats();
      FloatBuffer to = x.requiredGradient().floats();
      for (int i = 0; i < factors.capacity(); i++) {
        factors.put(i, !root ? 2 * g.get(i) : y.get(i) == 0 ? 0f : g.get(i) / y.get(i));
      }
      repetition.copy(factors, to, 1f);
      for (int i = 0; i < to.capacity(); i++) {
        to.put(i, to.get(i) * in.get(i));
      }
    }
  }
}
