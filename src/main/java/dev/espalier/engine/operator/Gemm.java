package dev.espalier.engine.operator;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__Gemm.html">Gemm</a>: Y = alpha·A′·B′ + beta·C
 * with A′ [m, k] and B′ [k, n] transposed on request and C broadcast to [m, n].
 */
final class Gemm implements Operator.Computed {
  private final Site site;
  private final int operands;
  private final boolean transA;
  private final boolean transB;
  private final float alpha;
  private final float beta;

  Gemm(Site site) {
    this.site = site;
    this.operands = site.operands(2, 3);
    this.transA = site.node().integer("transA", 0) != 0;
    this.transB = site.node().integer("transB", 0) != 0;
    this.alpha = site.node().real("alpha", 1f);
    this.beta = site.node().real("beta", 1f);
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(operands);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] a = operands.get(0);
    long[] b = operands.get(1);
    if (a.length != 2 || b.length != 2 || a[transA ? 0 : 1] != b[transB ? 1 : 0]) {
      throw site.mismatch(operands);
    }
    long[] shape = {a[transA ? 1 : 0], b[transB ? 0 : 1]};
    if (operands.size() == 3 && !Broadcast.fits(operands.get(2), shape)) {
      throw site.mismatch(operands);
    }
    return shape;
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    Value a = operands.get(0);
    Value b = operands.get(1);
    Product product =
        new Product(
            transA,
            transB,
            (int) result.data().dimension(0),
            (int) result.data().dimension(1),
            (int) a.data().dimension(transA ? 0 : 1),
            alpha);
    if (operands.size() < 3) {
      return new Step() {
        @Override
        public void forward(RandomGenerator noise) {
          product.forward(a, b, 0f, result);
        }

        @Override
        public void backward() {
          product.backward(a, b, result);
        }
      };
    }
    Value c = operands.get(2);
    Broadcast overC = Broadcast.of(c.data().shape(), result.data().shape());
    return new Step() {
      @Override
      public void forward(RandomGenerator noise) {
        overC.copy(c.data().floats(), result.data().floats(), 1f);
        product.forward(a, b, beta, result);
      }

      @Override
      public void backward() {
        product.backward(a, b, result);
        if (c.differentiated()) {
          FloatBuffer gradient = result.requiredGradient().floats();
          overC.reduce(gradient, c.requiredGradient().floats(), beta);
        }
      }
    };
  }
}
