package dev.espalier.engine.reconstruction;

import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * The inverses that layer-wise reconstruction needs of the Hessian H = XXᵀ + λI of ‖WX − ŴX‖² by a
 * row of Ŵ (but for the factor 2), over all columns and over those from each one on. λ is 1 % of
 * the mean of the diagonal of XXᵀ, or 1 where that is zero (Frantar and Alistarh 2023,
 * arXiv:2301.00774, sections 3.2 and 3.4).
 *
 * <p>With H = RRᵀ, R upper triangular, and U = R⁻¹, H⁻¹ = UᵀU, and row j of U from its diagonal on
 * is the first row of the inverse of H without the columns before j, divided by the root of that
 * row's first element. R is found from the last column backwards, as Cholesky's algorithm does from
 * the first forwards; U takes its place. Both work on panels of rows that stay in the processor's
 * cache.
 */
final class InverseHessian {
  private static final double DAMPING = 0.01;
  private static final int PANEL = 32;

  private final int size;

  /** U, row by row; what is below the diagonal has no meaning. */
  private final double[] factor;

  private InverseHessian(int size, double[] factor) {
    this.size = size;
    this.factor = factor;
  }

  /**
   * Of a matrix Σ x·xᵀ.
   *
   * @param size number of columns n
   * @param gram n² numbers from its position on; symmetric, finite and positive semidefinite
   * @param worked told now and then that work has moved
   */
  static InverseHessian of(int size, DoubleBuffer gram, LongConsumer worked) {
    double[] matrix = new double[Math.multiplyExact(size, size)];
    gram.duplicate().get(matrix);
    double trace = 0;
    for (int i = 0; i < size; i++) {
      trace += matrix[i * size + i];
    }
    double damping = trace > 0 ? DAMPING * trace / size : 1;
    for (int i = 0; i < size; i++) {
      matrix[i * size + i] += damping;
    }
    InverseHessian inverse = new InverseHessian(size, matrix);
    inverse.decompose(worked);
    inverse.invert(worked);
    return inverse;
  }

  int size() {
    return size;
  }

  /** Element k ≥ j of row j of U. */
  double at(int j, int k) {
    return factor[j * size + k];
  }

  /** Subtracts {@code times} row j of U, elements [from, to), from the same elements of a row. */
  void subtract(int j, double times, int from, int to, double[] row) {
    int start = j * size;
    for (int k = from; k < to; k++) {
      row[k] -= times * factor[start + k];
    }
  }

  /** [H⁻¹]ⱼⱼ for every column j. */
  double[] diagonal() {
    double[] diagonal = new double[size];
    for (int i = 0; i < size; i++) {
      for (int j = i; j < size; j++) {
        diagonal[j] += at(i, j) * at(i, j);
      }
    }
    return diagonal;
  }

  /** Makes R of the lower triangle's transpose: row i, columns up to i, holds column i of R. */
  private void decompose(LongConsumer worked) {
    for (int end = size; end > 0; end -= PANEL) {
      worked.accept(1);
      int start = Math.max(0, end - PANEL);
      for (int j = end - 1; j >= start; j--) {
        decomposeColumn(j, end);
      }
      for (int i = 0; i < start; i++) {
        for (int j = start; j < end; j++) {
          // H[i, 0..i] loses R[i, j] · R[0..i, j]; column j of R lies in row j.
          subtractRow(factor[j * size + i], j, i, i + 1);
        }
      }
    }
  }

  /** Column j of R, from what columns after the panel have left of H. */
  private void decomposeColumn(int j, int panelEnd) {
    for (int k = j + 1; k < panelEnd; k++) {
      subtractRow(factor[k * size + j], k, j, j + 1);
    }
    double pivot = Math.sqrt(factor[j * size + j]);
    for (int i = 0; i < j; i++) {
      factor[j * size + i] /= pivot;
    }
    factor[j * size + j] = pivot;
  }

  /** Row {@code to}, its first {@code count} elements, loses {@code times} row {@code of}. */
  private void subtractRow(double times, int of, int to, int count) {
    int source = of * size;
    int target = to * size;
    for (int k = 0; k < count; k++) {
      factor[target + k] -= times * factor[source + k];
    }
  }

  /** Makes U of R: the rows from the last on, each a combination of those after it. */
  private void invert(LongConsumer worked) {
    transposeToUpper();
    double[] coefficients = new double[PANEL * size];
    for (int end = size; end > 0; end -= PANEL) {
      worked.accept(1);
      int start = Math.max(0, end - PANEL);
      for (int i = start; i < end; i++) {
        System.arraycopy(factor, i * size + i, coefficients, (i - start) * size + i, size - i);
        Arrays.fill(factor, i * size + i, i * size + size, 0);
      }
      for (int k = end; k < size; k++) {
        for (int i = start; i < end; i++) {
          combine(i, coefficients[(i - start) * size + k], k);
        }
      }
      for (int i = end - 1; i >= start; i--) {
        double pivot = coefficients[(i - start) * size + i];
        for (int k = i + 1; k < end; k++) {
          combine(i, coefficients[(i - start) * size + k], k);
        }
        for (int k = i + 1; k < size; k++) {
          factor[i * size + k] /= pivot;
        }
        factor[i * size + i] = 1 / pivot;
      }
    }
  }

  /** Row i loses {@code times} row k > i, from its diagonal on. */
  private void combine(int i, double times, int k) {
    int source = k * size;
    int target = i * size;
    for (int c = k; c < size; c++) {
      factor[target + c] -= times * factor[source + c];
    }
  }

  private void transposeToUpper() {
    for (int i = 0; i < size; i++) {
      for (int j = i + 1; j < size; j++) {
        factor[i * size + j] = factor[j * size + i];
      }
    }
  }
}
