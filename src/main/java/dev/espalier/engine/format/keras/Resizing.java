package dev.espalier.engine.format.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.keras.KerasReader.Lowered;
import dev.espalier.engine.graph.Tensor;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The configuration for weights of other shapes. What says how many units or filters a layer has is
 * taken from its weights; then the configuration is lowered again, which tells the shapes that now
 * flow between layers, and proves that all weights fit each other.
 */
final class Resizing {
  private final Container container;
  private final FormatLimits limits;

  Resizing(Container container, FormatLimits limits) {
    this.container = container;
    this.limits = limits;
  }

  /**
   * The changed configuration.
   *
   * @param weights as the file will keep them, by path of their dataset
   * @throws IllegalArgumentException when they do not fit each other
   */
  JsonNode apply(Map<String, Tensor> weights) throws IOException {
    Lowered before = Lowered.of(container.config(), container, limits);
    List<WeightBinding> bindings = container.places().bind(before.requests());
    Map<String, List<Long>> shapes = new HashMap<>();
    for (WeightBinding binding : bindings) {
      Tensor weight = weights.get(binding.path());
      shapes.put(
          binding.request().tensor(),
          weight == null
              ? binding.request().shape()
              : LongStream.of(weight.shape()).boxed().toList());
    }
    JsonNode changed = container.config().deepCopy();
    resize(ModelSpecReader.read(changed, limits), "", shapes);
    Lowered after = Lowered.of(changed, container, limits);
    requireFit(after, shapes);
    new ShapeFields(before.shapes(), after.shapes()).apply(after.spec(), "");
    return changed;
  }

  private static void resize(ModelSpec model, String prefix, Map<String, List<Long>> shapes) {
    for (ModelSpec.Layer layer : model.layers()) {
      String name = prefix + layer.name();
      if (layer.model().isPresent()) {
        resize(layer.model().get(), name + "/", shapes);
      } else if (layer.config().node() instanceof ObjectNode config) {
        new SizeFields(shapes).apply(layer.className(), config, name + "/");
      }
    }
  }

  private static void requireFit(Lowered after, Map<String, List<Long>> shapes) {
    for (WeightRequest request : after.requests()) {
      List<Long> shape = shapes.get(request.tensor());
      if (!request.optional() && !request.shape().equals(shape)) {
        throw new IllegalArgumentException(
            "'%s' would have shape %s, the other weights ask for %s"
                .formatted(request.tensor(), shape, request.shape()));
      }
    }
  }
}
