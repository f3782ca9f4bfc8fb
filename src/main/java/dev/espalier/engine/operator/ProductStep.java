package dev.espalier.engine.operator;

import java.util.random.RandomGenerator;

/** One matrix product. */
record ProductStep(Product product, Value a, Value b, Value y) implements Step {
  @Override
  public void forward(RandomGenerator noise) {
    product.forward(a, b, 0f, y);
  }

  @Override
  public void backward() {
    product.backward(a, b, y);
  }
}
