package dev.espalier.engine.operator;

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
    Blas.gemm(
        transA,
        transB,
        m,
        n,
        k,
        alpha,
        a.data().floats(),
        b.data().floats(),
        beta,
        y.data().floats());
  }

  /** Writes the gradients of those of A and B that have one. */
  void backward(Value a, Value b, Value y) {
    var g = y.requiredGradient().floats();
    if (a.differentiated()) {
      var values = b.data().floats();
      var gradient = a.requiredGradient().floats();
      if (transA) {
        Blas.gemm(transB, true, k, m, n, alpha, values, g, 0f, gradient);
      } else {
        Blas.gemm(false, !transB, m, k, n, alpha, g, values, 0f, gradient);
      }
    }
    if (b.differentiated()) {
      var values = a.data().floats();
      var gradient = b.requiredGradient().floats();
      if (transB) {
        Blas.gemm(true, transA, n, k, m, alpha, g, values, 0f, gradient);
      } else {
        Blas.gemm(!transA, false, k, n, m, alpha, values, g, 0f, gradient);
      }
    }
  }
}
