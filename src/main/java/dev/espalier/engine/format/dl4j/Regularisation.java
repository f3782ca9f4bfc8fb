package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.format.dl4j.Typed.Family;
import java.util.OptionalDouble;

/**
 * What a layer does in training only. Recovery knows dropout of single elements; other kinds become
 * the dropout of the same noise where there is one, and are left out where not. Constraints that
 * recovery or pruning would break are refused.
 */
final class Regularisation {
  private Regularisation() {}

  /** The probability that an element of the layer's input is dropped. */
  static double dropRatio(Fields layer) {
    OptionalDouble kept = kept(layer);
    double keep = kept.orElse(1);
    if (!(keep > 0 && keep <= 1)) {
      throw layer.malformed("its dropout keeps elements with probability " + keep);
    }
    return 1 - keep;
  }

  /** Deeplearning4j stores the probability of keeping an element; a schedule has none. */
  private static OptionalDouble kept(Fields layer) {
    if (layer.isUnset("idropout")) {
      double before = layer.number("dropOut", 0);
      return before == 0 ? OptionalDouble.empty() : OptionalDouble.of(before);
    }
    Typed dropout = Typed.of(Family.DROPOUT, layer.requiredObject("idropout"));
    Fields fields = dropout.fields();
    return switch (dropout.kind()) {
      case "Dropout", "SpatialDropout", "AlphaDropout" -> given(fields, "p");
      case "GaussianDropout" -> complement(given(fields, "rate"));
      case "GaussianNoise" -> OptionalDouble.empty();
      default ->
          throw layer.unsupported("dropout of type '" + dropout.kind() + "' is not supported");
    };
  }

  private static OptionalDouble given(Fields fields, String field) {
    return fields.isNumber(field)
        ? OptionalDouble.of(fields.number(field, 1))
        : OptionalDouble.empty();
  }

  /** Gaussian dropout of rate r has the variance r / (1 − r), as dropout of ratio r. */
  private static OptionalDouble complement(OptionalDouble rate) {
    return rate.isPresent() ? OptionalDouble.of(1 - rate.getAsDouble()) : rate;
  }

  /**
   * Refuses constraints that do not hold after weights were removed or trained without them, and
   * noise of classes that are not Deeplearning4j's.
   */
  static void requireHarmless(Fields layer) {
    for (Fields constraint : layer.objects("constraints")) {
      String kind = Typed.of(Family.CONSTRAINT, constraint).kind();
      if (!kind.equals("MaxNormConstraint")) {
        throw layer.unsupported("pruning would break its " + kind);
      }
    }
    if (layer.object("weightNoise").isPresent()) {
      Typed.of(Family.NOISE, layer.requiredObject("weightNoise"));
    }
  }
}
