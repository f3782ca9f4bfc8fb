package dev.espalier.engine.format.keras;

import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;
import static dev.espalier.contract.ReasonCode.TENSOR_INVALID;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.hdf5.Hdf5Dataset;
import dev.espalier.engine.format.hdf5.Hdf5Group;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Weights as {@code model.weights.h5} has them: a group per object, by the path of attributes that
 * leads to it, with its variables in {@code vars/0}, {@code vars/1}, … Layers are not named there
 * but numbered by class: {@code layers/conv2d_1} is the second {@code Conv2D}.
 */
final class ObjectWeights implements WeightPlaces {
  private static final String LAYERS = "layers";

  /** Where Keras 2.12 and 2.13 kept layers, each weighted one counted twice. */
  private static final String DEPENDENCIES = "_layer_checkpoint_dependencies";

  private static final String VARIABLES = "vars";

  private final Hdf5Group root;

  ObjectWeights(Hdf5Group root) {
    this.root = root;
  }

  @Override
  public String root() {
    return model("");
  }

  @Override
  public String model(String place) {
    String prefix = place.isEmpty() ? "" : place + "/";
    return root.group(prefix + LAYERS).isEmpty() && root.group(prefix + DEPENDENCIES).isPresent()
        ? prefix + DEPENDENCIES
        : prefix + LAYERS;
  }

  @Override
  public String part(String place, String attribute) {
    String hidden = place + "/_" + attribute;
    boolean isHidden =
        root.group(place + "/" + attribute).isEmpty() && root.group(hidden).isPresent();
    return isHidden ? hidden : place + "/" + attribute;
  }

  @Override
  public String layer(String model, List<ModelSpec.Layer> layers, int index) {
    String type = snakeCase(layers.get(index).className());
    int ordinal = 0;
    int all = 0;
    for (int i = 0; i < layers.size(); i++) {
      if (!layers.get(i).operation() && snakeCase(layers.get(i).className()).equals(type)) {
        ordinal += i < index ? 1 : 0;
        all++;
      }
    }
    if (model.endsWith(DEPENDENCIES)) {
      List<String> weighted = weighted(model, type);
      return model + "/" + (weighted.size() == all ? weighted.get(ordinal) : type);
    }
    return model + "/" + (ordinal == 0 ? type : type + "_" + ordinal);
  }

  /** The groups of a class's layers that hold weights, by their numbers. */
  private List<String> weighted(String model, String type) {
    Map<Integer, String> byNumber = new HashMap<>();
    Hdf5Group layers = root.group(model).orElseThrow();
    layers
        .children()
        .forEach(
            (name, child) -> {
              String rest = name.startsWith(type) ? name.substring(type.length()) : "?";
              boolean numbered = rest.isEmpty() || rest.matches("_\\d{1,8}");
              if (numbered && child instanceof Hdf5Group group && group.holdsData()) {
                byNumber.put(rest.isEmpty() ? 0 : Integer.parseInt(rest.substring(1)), name);
              }
            });
    return byNumber.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** The name that Keras derives from a class: {@code Conv2DTranspose} is conv2d_transpose. */
  static String snakeCase(String className) {
    return className
        .replaceAll("\\W+", "")
        .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }

  @Override
  public List<WeightBinding> bind(List<WeightRequest> requests) {
    Map<String, Integer> taken = new HashMap<>();
    List<WeightBinding> bindings = new ArrayList<>();
    for (WeightRequest request : requests) {
      int number = taken.merge(request.place(), 1, Integer::sum) - 1;
      String path = request.place() + "/" + VARIABLES + "/" + number;
      Optional<Hdf5Dataset> dataset = root.dataset(path);
      if (request.optional()) {
        continue;
      }
      bindings.add(
          new WeightBinding(
              request, path, path, dataset.orElseThrow(() -> missing(request, path))));
    }
    taken.forEach(this::requireAllTaken);
    return List.copyOf(bindings);
  }

  private void requireAllTaken(String place, int taken) {
    int held = root.group(place + "/" + VARIABLES).map(group -> group.children().size()).orElse(0);
    if (held > taken) {
      throw new Refusal(
          TENSOR_INVALID,
          "model.weights.h5 holds %d variables in '%s', the configuration asks for %d"
              .formatted(held, place, taken));
    }
  }

  private static Refusal missing(WeightRequest request, String path) {
    return new Refusal(
        MODEL_INCOMPLETE,
        "'%s' of layer '%s' should be '%s' of model.weights.h5, which is not there"
            .formatted(request.name(), request.layer(), path));
  }
}
