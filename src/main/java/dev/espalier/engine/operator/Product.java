package dev.espalier.engine.operator;

import java.nio.FloatBuffer;

/**
 * A matrix product and its two gradients. With Y = alpha·A′·B′ and G = ∂L/∂Y: ∂L/∂A′ = alpha·G·B′ᵀ
 * and ∂L/∂B′ = alpha·A′ᵀ·G; a transposed operand gets the transpose of that.
 *
 * @param transA whether A is stored as A′ᵀ
 * @param transB whether B is stored as B′ᵀ
 * @param m rows of A′ and Y
 * @param n columns of B′ and Y
 * @param k columns of A′, rows of B′
 * @param alpha factor
 */
record Product(boolean transA, boolean transB, int m, int n, int k, float alpha) {

  /** Y = alpha·A′·B′ + beta·Y. */
  void forward(Value a, Value b, float beta, Value y) {
    forward(a.data().floats(), b.data().floats(), beta, y.data().floats());
  }

  /** Y = alpha·A′·B′ + beta·Y. */
  void forward(FloatBuffer a, FloatBuffer b, float beta, FloatBuffer y) {
    Blas.gemm(transA, transB, m, n, k, alpha, a, b, beta, y);
  }

  /** Writes the gradients of those of A and B that have one. */
  void backward(Value a, Value b, Value y) {
    FloatBuffer g = y.requiredGradient().floats();
    if (a.differentiated()) {
      leftGradient(b.data().floats(), g, 0f, a.requiredGradient().floats());
    }
    if (b.differentiated()) {
      rightGradient(a.data().floats(), g, 0f, b.requiredGradient().floats());
    }
  }

  /** {@code gradient} = ∂L/∂A + beta·{@code gradient}. */
  void leftGradient(FloatBuffer b, FloatBuffer g, float beta, FloatBuffer gradient) {
    if (transA) {
      Blas.gemm(transB, true, k, m, n, alpha, b, g, beta, gradient);
    } else {
      Blas.gemm(false, !transB, m, k, n, alpha, g, b, beta, gradient);
    }
  }

  /** {@code gradient} = ∂L/∂B + beta·{@code gradient}. */
  void rightGradient(FloatBuffer a, FloatBuffer g, float beta, FloatBuffer gradient) {
    if (transB) {
      Blas.gemm(true, transA, n, k, m, alpha, g, a, beta, gradient);
    } else {
      Blas.gemm(!transA, false, k, n, m, alpha, a, g, beta, gradient);
    }
  }
}
