package dev.espalier.engine.operator;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** An operator that reduces each window of each channel to one number. */
abstract class Pooling implements Operator.Computed {
  private final Site site;
  private final Windows windows;

  Pooling(Site site) {
    this.site = site;
    site.operands(1, 1);
    this.windows = new Windows(site, site.node().integers("kernel_shape"));
  }

  /** How one channel of one sample is reduced; reused for all of them. */
  interface Reduction {
    /** Writes the windows' results of channel {@code plane} (of all samples, counted on). */
    void reduce(int plane, float[] input, float[] output);

    /** Adds the windows' gradients to a zeroed gradient of the input. */
    void spread(int plane, float[] output, float[] input);
  }

  /**
   * A reduction for channels of one size.
   *
   * @param planes number of channels of all samples
   */
  abstract Reduction reduction(Window rows, Window columns, int planes);

  @Override
  public final List<Integer> operands() {
    return Operator.leading(1);
  }

  @Override
  public final long[] shape(List<long[]> operands) {
    for (Window window : windows.over(operands.get(0))) {
      if (Arrays.stream(window.each(window::taps)).anyMatch(taps -> taps == 0)) {
        throw site.untrainable("has windows wholly in the padding");
      }
    }
    return windows.shape(operands.get(0), operands.get(0)[1]);
  }

  @Override
  public final Step bind(List<Value> operands, Value result) {
    Value x = operands.get(0);
    Window rows = windows.over(x.data().shape()).get(0);
    Window columns = windows.over(x.data().shape()).get(1);
    float[] input = new float[rows.input() * columns.input()];
    float[] output = new float[rows.output() * columns.output()];
    int planes = (int) (x.data().dimension(0) * x.data().dimension(1));
    Reduction reduction = reduction(rows, columns, planes);
    return new Step() {
      @Override
      public void forward(RandomGenerator noise) {
        FloatBuffer in = x.data().floats();
        FloatBuffer out = result.data().floats();
        for (int plane = 0; plane < planes; plane++) {
          in.get(plane * input.length, input);
          reduction.reduce(plane, input, output);
          out.put(plane * output.length, output);
        }
      }

      @Override
      public void backward() {
        FloatBuffer from = result.requiredGradient().floats();
        FloatBuffer to = x.requiredGradient().floats();
        for (int plane = 0; plane < planes; plane++) {
          from.get(plane * output.length, output);
          Arrays.fill(input, 0f);
          reduction.spread(plane, output, input);
          to.put(plane * input.length, input);
        }
      }
    };
  }
}
