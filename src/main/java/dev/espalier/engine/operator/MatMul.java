package dev.espalier.engine.operator;

import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * ONNX <a href="https://onnx.ai/onnx/operators/onnx__MatMul.html">MatMul</a>: products of the
 * matrices in the last two axes; the axes before them broadcast. A vector stands for a matrix of
 * one row on the left and of one column on the right, and that axis is dropped from the result.
 */
record MatMul(Site site) implements Operator.Computed {
  MatMul {
    site.operands(2, 2);
  }

  @Override
  public List<Integer> operands() {
    return Operator.leading(2);
  }

  private static long[] left(long... a) {
    return a.length == 1 ? new long[] {1, a[0]} : a;
  }

  private static long[] right(long... b) {
    return b.length == 1 ? new long[] {b[0], 1} : b;
  }

  private static long[] stack(long... shape) {
    return Arrays.copyOf(shape, shape.length - 2);
  }

  @Override
  public long[] shape(List<long[]> operands) {
    if (operands.get(0).length < 1 || operands.get(1).length < 1) {
      throw site.mismatch(operands);
    }
    long[] a = left(operands.get(0));
    long[] b = right(operands.get(1));
    if (a[a.length - 1] != b[b.length - 2]) {
      throw site.mismatch(operands);
    }
    long[] stack = Broadcast.shape(stack(a), stack(b)).orElseThrow(() -> site.mismatch(operands));
    long[] shape = Arrays.copyOf(stack, stack.length + 2);
    int rank = stack.length;
    if (operands.get(0).length > 1) {
      shape[rank++] = a[a.length - 2];
    }
    if (operands.get(1).length > 1) {
      shape[rank++] = b[b.length - 1];
    }
    return Arrays.copyOf(shape, rank);
  }

  @Override
  public Step bind(List<Value> operands, Value result) {
    Value a = operands.get(0).reshaped(left(operands.get(0).data().shape()));
    Value b = operands.get(1).reshaped(right(operands.get(1).data().shape()));
    int k = (int) a.data().dimension(-1);
    int n = (int) b.data().dimension(-1);
    if (b.data().rank() == 2) {
      // The stack's matrices are rows of one.
      int rows = a.data().size() / k;
      return new ProductStep(new Product(false, false, rows, n, k, 1f), a, b, result);
    }
    Product product = new Product(false, false, (int) a.data().dimension(-2), n, k, 1f);
    long[] stack = Broadcast.shape(stack(a.data().shape()), stack(b.data().shape())).orElseThrow();
    long[] matrices = {Tensor.elements(stack), product.m(), n};
    return new ProductsStep(
        product,
        a,
        b,
        result.reshaped(matrices),
        Layout.repeated(stack(a.data().shape()), stack),
        Layout.repeated(stack(b.data().shape()), stack));
  }
}
