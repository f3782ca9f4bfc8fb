package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__MatMul.html">MatMul</a> of A […, m, k] and a
 * matrix B [k, n]: the leading axes of A are rows of one product. Products of two stacks of
 * matrices and of vectors are not trained.
 */
record MatMul(Site site) implements Operator.Computed {
  MatMul {
    site.operands(2, 2);
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(2);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    long[] a = operands.get(0);
    long[] b = operands.get(1);
    if (a.length < 2 || b.length != 2 || a[a.length - 1] != b[0]) {
      throw site.mismatch(operands);
    }
    long[] shape = a.clone();
    shape[a.length - 1] = b[1];
    return shape;
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    Value a = operands.get(0);
    Value b = operands.get(1);
    long[] shape = a.data().shape();
    int rows = (int) Tensor.elements(Arrays.copyOf(shape, shape.length - 1));
    int n = (int) b.data().dimension(1);
    Product product = new Product(false, false, rows, n, (int) b.data().dimension(0), 1f);
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
}
