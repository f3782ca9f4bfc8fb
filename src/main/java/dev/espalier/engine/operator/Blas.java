package dev.espalier.engine.operator;

import java.nio.FloatBuffer;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Matrix products on ND4J's BLAS library, called directly: its wrapper costs more than small
 * products.
 */
final class Blas {
  private Blas() {}

  /**
   * C = alpha·op(A)·op(B) + beta·C on row-major matrices without gaps (BLAS level 3, {@code
   * sgemm}).
   *
   * @param transposeA whether op(A) = Aᵀ, so that A is stored k×m instead of m×k
   * @param transposeB whether op(B) = Bᵀ, so that B is stored n×k instead of k×n
   */
  static void gemm(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float alpha,
      FloatBuffer a,
      FloatBuffer b,
      float beta,
      FloatBuffer c) {
    openblas_nolapack.cblas_sgemm(
        openblas_nolapack.CblasRowMajor,
        transposeA ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans,
        transposeB ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans,
        m,
        n,
        k,
        alpha,
        a,
        transposeA ? m : k,
        b,
        transposeB ? k : n,
        beta,
        c,
        n);
  }
}
