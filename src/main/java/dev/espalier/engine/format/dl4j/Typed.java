package dev.espalier.engine.format.dl4j;

import java.util.Locale;

/**
 * An object of the configuration with the kind it says it is of. Since 1.0.0-beta the kind is the
 * name of a class in the field {@code @class}; before, the object was wrapped in one of a single
 * field with a short name, as in {@code {"dense": {…}}}.
 *
 * @param kind the class's name without {@code family.prefix}
 */
record Typed(String kind, Fields fields) {
  /** Things of one kind. */
  enum Family {
    LAYER("org.deeplearning4j.nn.conf.layers.", ""),
    VERTEX("org.deeplearning4j.nn.conf.graph.", ""),
    PREPROCESSOR("org.deeplearning4j.nn.conf.preprocessor.", "PreProcessor"),
    ACTIVATION("org.nd4j.linalg.activations.impl.Activation", ""),
    LOSS("org.nd4j.linalg.lossfunctions.impl.Loss", ""),
    DROPOUT("org.deeplearning4j.nn.conf.dropout.", ""),
    CONSTRAINT("org.deeplearning4j.nn.conf.constraint.", ""),
    NOISE("org.deeplearning4j.nn.conf.weightnoise.", "");

    private final String prefix;
    private final String suffix;

    Family(String prefix, String suffix) {
      this.prefix = prefix;
      this.suffix = suffix;
    }
  }

  /**
   * Tells what an object is.
   *
   * @throws dev.espalier.contract.Refusal when it names a class outside the family
   */
  static Typed of(Family family, Fields object) {
    String what = family.name().toLowerCase(Locale.ROOT);
    if (object.text("@class").isPresent()) {
      String name = object.text("@class").get();
      if (!name.startsWith(family.prefix) || !name.endsWith(family.suffix)) {
        throw object.unsupported("%s '%s' is not one of Deeplearning4j's".formatted(what, name));
      }
      String kind = name.substring(family.prefix.length());
      return new Typed(kind.substring(0, kind.length() - family.suffix.length()), object);
    }
    if (object.names().size() != 1) {
      throw object.malformed("its " + what + " does not say of which class it is");
    }
    String name = object.names().get(0);
    return new Typed(LegacyNames.current(family, name), object.requiredObject(name));
  }
}
