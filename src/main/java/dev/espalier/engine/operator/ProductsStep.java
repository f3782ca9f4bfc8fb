package dev.espalier.engine.operator;

import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A stack of matrix products, as in attention. A matrix that several products read gets the sum of
 * their gradients.
 */
final class ProductsStep implements Step {
  private final Product product;
  private final FloatBuffer[] a;
  private final FloatBuffer[] b;
  private final FloatBuffer[] y;
  private final FloatBuffer @Nullable [] ga;
  private final FloatBuffer @Nullable [] gb;
  private final FloatBuffer @Nullable [] gy;
  private final int[] ofA;
  private final int[] ofB;

  /**
   * Binds to stacks.
   *
   * @param ofA number of the matrix of A for each product
   * @param ofB number of the matrix of B for each product
   */
  ProductsStep(Product product, Value a, Value b, Value y, int[] ofA, int[] ofB) {
    this.product = product;
    int sizeA = product.m() * product.k();
    int sizeB = product.k() * product.n();
    int sizeY = product.m() * product.n();
    this.a = matrices(a.data().floats(), sizeA);
    this.b = matrices(b.data().floats(), sizeB);
    this.y = matrices(y.data().floats(), sizeY);
    this.ga = a.gradient() == null ? null : matrices(a.gradient().floats(), sizeA);
    this.gb = b.gradient() == null ? null : matrices(b.gradient().floats(), sizeB);
    this.gy = y.gradient() == null ? null : matrices(y.gradient().floats(), sizeY);
    this.ofA = ofA;
    this.ofB = ofB;
  }

  private static FloatBuffer[] matrices(FloatBuffer stack, int size) {
    FloatBuffer[] matrices = new FloatBuffer[stack.capacity() / size];
    for (int i = 0; i < matrices.length; i++) {
      matrices[i] = stack.slice(i * size, size);
    }
    return matrices;
  }

  @Override
  public void forward(RandomGenerator noise) {
    for (int i = 0; i < y.length; i++) {
      product.forward(a[ofA[i]], b[ofB[i]], 0f, y[i]);
    }
  }

  @Override
  public void backward() {
    if (gy == null) {
      return;
    }
    boolean[] begunA = new boolean[a.length];
    boolean[] begunB = new boolean[b.length];
    for (int i = 0; i < y.length; i++) {
      if (ga != null) {
        product.leftGradient(b[ofB[i]], gy[i], begunA[ofA[i]] ? 1f : 0f, ga[ofA[i]]);
        begunA[ofA[i]] = true;
      }
      if (gb != null) {
        product.rightGradient(a[ofA[i]], gy[i], begunB[ofB[i]] ? 1f : 0f, gb[ofB[i]]);
        begunB[ofB[i]] = true;
      }
    }
  }
}
