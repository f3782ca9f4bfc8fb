package dev.espalier.engine.train;

import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.Value;
import java.nio.FloatBuffer;

/**
 * Knowledge distillation (Hinton, Vinyals and Dean 2015, arXiv:1503.02531, section 2): L = (1 −
 * α)·E(targets) + α·I(teacher), where E is the task's own loss and I says how far the outputs are
 * from the teacher's; the gradient likewise.
 */
final class Distillation implements Loss {
  private final Loss error;
  private final Loss imitation;
  private final Value outputs;
  private final Tensor teacher;
  private final float weight;
  private final float[] towards;
  private final float[] gradient;

  /**
   * A loss of two terms.
   *
   * @param outputs what both are bound to
   * @param teacher the teacher's outputs of the same samples, shaped like {@code outputs}
   * @param weight α, in [0, 1]
   */
  Distillation(Loss error, Loss imitation, Value outputs, Tensor teacher, double weight) {
    this.error = error;
    this.imitation = imitation;
    this.outputs = outputs;
    this.teacher = teacher;
    this.weight = (float) weight;
    this.towards = new float[outputs.data().size()];
    this.gradient = new float[outputs.data().size()];
  }

  @Override
  public double evaluate(Tensor targets) {
    FloatBuffer shared = outputs.requiredGradient().floats();
    double distance = imitation.evaluate(teacher);
    shared.get(0, towards);
    double mean = error.evaluate(targets);
    shared.get(0, gradient);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (1 - weight) * gradient[i] + weight * towards[i];
    }
    shared.put(0, gradient);
    return (1 - weight) * mean + weight * distance;
  }
}
