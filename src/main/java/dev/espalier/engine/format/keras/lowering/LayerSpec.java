package dev.espalier.engine.format.keras.lowering;

import dev.espalier.engine.format.json.Fields;

/**
 * A layer as its configuration describes it.
 *
 * @param className its built-in Keras class, such as {@code Dense}
 * @param name its name in the model
 * @param config its settings
 * @param kerasMajor release of Keras that wrote it, 1 to 3; some defaults and formulas changed
 */
public record LayerSpec(String className, String name, Fields config, int kerasMajor) {

  /**
   * The layer that a wrapper such as {@code Bidirectional} or {@code TimeDistributed} holds.
   *
   * @param field the wrapper's field with {@code class_name} and {@code config}
   */
  public LayerSpec wrapped(String field) {
    Fields inner = config.requiredObject(field);
    BuiltIn.require(inner);
    String type = inner.requiredText("class_name");
    Fields settings = inner.requiredObject("config");
    String innerName = settings.text("name").orElse(type);
    return new LayerSpec(
        type,
        innerName,
        settings.at("layer '%s' (%s) in '%s'".formatted(innerName, type, name)),
        kerasMajor);
  }
}
