package dev.espalier.engine.train;

import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.Value;
import java.nio.FloatBuffer;

/**
 * How far yes-or-no answers are from a teacher's at temperature T, each a distribution of its own:
 * with logits z [n, k], the teacher's v, m = n·k, q = σ(z/T) and p = σ(v/T), L = T²/m Σ (p log(p/q)
 * + (1 − p) log((1 − p)/(1 − q))) and ∂L/∂z = T (q − p) / m. This is the distillation of Hinton et
 * al. 2015 (arXiv:1503.02531) for the two classes of each answer; a softmax over the pair of logits
 * z and 0 gives the same.
 */
final class SigmoidDivergence implements Loss {
  private final Value logits;
  private final double temperature;

  /**
   * A divergence.
   *
   * @param temperature T, above 0
   */
  SigmoidDivergence(Value logits, double temperature) {
    this.logits = logits;
    this.temperature = temperature;
  }

  @Override
  public double evaluate(Tensor targets) {
    Loss.requireNumbers(targets, logits.data());
    FloatBuffer z = logits.data().floats();
    FloatBuffer v = targets.floats();
    FloatBuffer gradient = logits.requiredGradient().floats();
    int m = z.capacity();
    double sum = 0;
    for (int i = 0; i < m; i++) {
      double student = z.get(i) / temperature;
      double teacher = v.get(i) / temperature;
      double p = Math.exp(logarithm(teacher));
      double not = Math.exp(logarithm(-teacher));
      sum += p * (logarithm(teacher) - logarithm(student));
      sum += not * (logarithm(-teacher) - logarithm(-student));
      gradient.put(i, (float) (temperature * (Math.exp(logarithm(student)) - p) / m));
    }
    return temperature * temperature * sum / m;
  }

  /** log σ(x), finite for every finite x. */
  private static double logarithm(double x) {
    return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
  }
}
