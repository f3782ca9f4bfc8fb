package dev.espalier.engine.format.keras;

import static dev.espalier.contract.ReasonCode.GRAPH_TOO_LARGE;
import static dev.espalier.contract.ReasonCode.LAYER_UNSUPPORTED;
import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.json.Fields;
import dev.espalier.engine.format.keras.ModelSpec.Layer;
import dev.espalier.engine.format.keras.ModelSpec.Reference;
import dev.espalier.engine.format.keras.lowering.BuiltIn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the configuration of a model, those nested in it included. */
final class ModelSpecReader {
  private static final Set<String> FUNCTIONAL = Set.of("Functional", "Model");
  private static final String SEQUENTIAL = "Sequential";
  private static final int DEEPEST = 12;

  private final FormatLimits limits;
  private int layers;

  private ModelSpecReader(FormatLimits limits) {
    this.limits = limits;
  }

  /**
   * Reads a model.
   *
   * @param root the object with {@code class_name} and {@code config}
   * @throws Refusal when it is neither Sequential nor Functional, holds code or foreign objects, or
   *     is malformed
   */
  static ModelSpec read(JsonNode root, FormatLimits limits) {
    Fields fields = new Fields(root, "the model");
    BuiltIn.require(fields);
    String type = fields.requiredText("class_name");
    if (!isModel(type)) {
      throw new Refusal(
          LAYER_UNSUPPORTED,
          "the model is of class '%s': only Sequential and Functional models are read"
              .formatted(type));
    }
    return new ModelSpecReader(limits).model(fields, type, DEEPEST);
  }

  private static boolean isModel(String type) {
    return type.equals(SEQUENTIAL) || FUNCTIONAL.contains(type);
  }

  private ModelSpec model(Fields described, String type, int depth) {
    if (depth == 0) {
      throw described.malformed("models are nested too deep");
    }
    boolean sequential = type.equals(SEQUENTIAL);
    // Keras before 2.2.3 stored a Sequential model as the bare list of its layers.
    boolean bare = sequential && described.raw("config").isArray();
    Fields config = bare ? described : described.requiredObject("config");
    List<Fields> entries = config.objects(bare ? "config" : "layers");
    if (entries.isEmpty()) {
      throw new Refusal(MODEL_INCOMPLETE, described.where() + " lists no layers");
    }
    layers += entries.size();
    if (layers > limits.nodes()) {
      throw new Refusal(
          GRAPH_TOO_LARGE, "the model has more than %,d layers".formatted(limits.nodes()));
    }
    List<Layer> read = new ArrayList<>(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      read.add(layer(entries.get(i), i, sequential, depth));
    }
    return new ModelSpec(
        bare ? "sequential" : config.text("name").orElse(type),
        sequential,
        read,
        sequential ? List.of() : references(config, "input_layers"),
        sequential ? List.of() : references(config, "output_layers"),
        Shapes.optional(config.raw("build_input_shape")));
  }

  private static List<Reference> references(Fields config, String field) {
    List<Reference> references = new ArrayList<>();
    CallReader.collect(config.raw(field), references);
    if (references.isEmpty()) {
      throw new Refusal(MODEL_INCOMPLETE, "the model's configuration names no " + field);
    }
    return references;
  }

  private Layer layer(Fields unnamed, int index, boolean sequential, int depth) {
    Fields at = unnamed.at("layer " + index);
    String type = at.requiredText("class_name");
    Fields settings = at.raw("config").isArray() ? at : at.requiredObject("config");
    String name = at.text("name").or(() -> settings.text("name")).orElse("layer_" + index);
    String where = "layer '%s' (%s)".formatted(name, type);
    Fields entry = unnamed.at(where);
    BuiltIn.require(entry);
    requireBuiltIn(entry.raw("config"), where);
    Optional<ModelSpec> nested =
        isModel(type) ? Optional.of(model(entry, type, depth - 1)) : Optional.empty();
    DtypePolicy.require(settings.at(where));
    boolean function = FunctionCalls.isFunction(entry);
    return new Layer(
        type,
        name,
        entry,
        settings.at(where),
        sequential ? List.of() : function ? FunctionCalls.calls(entry) : CallReader.calls(entry),
        nested,
        function);
  }

  /** Activations, initialisers, wrapped layers and the like must be Keras' own as well. */
  private static void requireBuiltIn(JsonNode node, String where) {
    if (node.isObject() && node.path("class_name").isTextual()) {
      BuiltIn.require(new Fields(node, where));
    }
    for (JsonNode child : node) {
      if (child.isContainerNode()) {
        requireBuiltIn(child, where);
      }
    }
  }
}
