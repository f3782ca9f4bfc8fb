package dev.espalier.engine.train;

import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.Value;
import java.nio.FloatBuffer;

/**
 * How far softmax outputs are from a teacher's at temperature T (Hinton et al. 2015,
 * arXiv:1503.02531): with logits z [n, classes], the teacher's v, q = softmax(z/T) and p =
 * softmax(v/T), L = T²/n Σ KL(p ‖ q) and ∂L/∂z = T (q − p) / n. The factor T² keeps the gradient's
 * size when T changes.
 */
final class SoftmaxDivergence implements Loss {
  private final Value logits;
  private final double temperature;
  private final double[] student;
  private final double[] teacher;

  /**
   * A divergence.
   *
   * @param temperature T, above 0
   */
  SoftmaxDivergence(Value logits, double temperature) {
    this.logits = logits;
    this.temperature = temperature;
    this.student = new double[(int) logits.data().dimension(1)];
    this.teacher = new double[student.length];
  }

  @Override
  public double evaluate(Tensor targets) {
    Loss.requireNumbers(targets, logits.data());
    FloatBuffer z = logits.data().floats();
    FloatBuffer v = targets.floats();
    FloatBuffer gradient = logits.requiredGradient().floats();
    int n = (int) logits.data().dimension(0);
    double loss = 0;
    for (int r = 0; r < n; r++) {
      int row = r * student.length;
      logarithms(z, row, student);
      logarithms(v, row, teacher);
      for (int i = 0; i < student.length; i++) {
        double p = Math.exp(teacher[i]);
        // A probability that underflows adds nothing.
        loss += p == 0 ? 0 : p * (teacher[i] - student[i]);
        gradient.put(row + i, (float) (temperature * (Math.exp(student[i]) - p) / n));
      }
    }
    return temperature * temperature * loss / n;
  }

  /** Logarithms of the softmax at the temperature. */
  private void logarithms(FloatBuffer logits, int from, double[] into) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < into.length; i++) {
      into[i] = logits.get(from + i) / temperature;
      largest = Math.max(largest, into[i]);
    }
    double sum = 0;
    for (double value : into) {
      sum += Math.exp(value - largest);
    }
    double all = largest + Math.log(sum);
    for (int i = 0; i < into.length; i++) {
      into[i] -= all;
    }
  }
}
