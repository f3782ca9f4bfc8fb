package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Tensor;
import java.util.Optional;

/**
 * Where the constants go that removed channels leave: what a product makes of them is the same for
 * every input, so it belongs to the bias that is added to the product.
 */
final class Folding {
  private Folding() {}

  /**
   * A product that reads constants.
   *
   * @param axis of the value along which the channels are
   * @param in axis of the weights that is summed over
   * @param out axis of the weights that results are along
   * @param bias name of what is added
   * @param scale factor of the product over the bias' own
   */
  record Product(int axis, int in, int out, Optional<String> bias, double scale) {}

  /** Folds what is not zero into the bias of a product at slots 0 and 1, or pins it. */
  static void into(Passage passage, Factor x, Product product) {
    Optional<Tensor> weights = passage.initializer(1).filter(Folding::isPlain);
    Optional<String> bias =
        product
            .bias()
            .filter(name -> weights.isPresent() && takes(passage, name, weights.get(), product));
    if (bias.isEmpty() || passage.operand(0).constant()) {
      pinNonZero(passage, x, "reads the constant that they leave, and has no bias to take it");
      return;
    }
    passage.fold(
        new Fold(
            passage.node().inputs().get(0),
            product.axis(),
            passage.node().inputs().get(1),
            product.in(),
            product.out(),
            bias.get(),
            product.scale()));
  }

  private static boolean takes(Passage passage, String name, Tensor weights, Product product) {
    Tensor bias = passage.trace().graph().initializers().get(name);
    return bias != null
        && isPlain(bias)
        && passage.trace().uses(name) == 1
        && bias.size() == weights.dimension(product.out())
        && bias.dimension(bias.rank() - 1) == bias.size()
        && Double.isFinite(product.scale());
  }

  private static boolean isPlain(Tensor tensor) {
    return tensor.type() == DataType.FLOAT && tensor.rank() > 0;
  }

  /** Makes units stay that leave something else than zero. */
  static void pinNonZero(Passage passage, Factor x, String reason) {
    for (int i = 0; i < x.size(); i++) {
      if (!x.zero(i)) {
        passage.units().pin(x.unit(i), passage.why(reason));
      }
    }
  }
}
