package dev.espalier.engine.format.keras;

import static dev.espalier.contract.ReasonCode.MODEL_INCOMPLETE;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;
import static dev.espalier.contract.ReasonCode.TENSOR_INVALID;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.hdf5.Hdf5Dataset;
import dev.espalier.engine.format.hdf5.Hdf5Group;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Weights as {@code .h5} files of Keras 2 and 3 have them: a group per layer of the outermost
 * model, whose attribute {@code weight_names} lists the layer's weights: first those that are
 * trained, then the others. A nested model's weights are all in the one group of that model.
 */
final class LegacyWeights implements WeightPlaces {
  static final String GROUP = "model_weights";
  private static final String NAMES = "weight_names";

  private final Hdf5Group group;

  /**
   * Weights of a file.
   *
   * @throws Refusal when it has none
   */
  LegacyWeights(Hdf5Group root) {
    this.group =
        root.group(GROUP)
            .orElseThrow(
                () ->
                    new Refusal(
                        MODEL_INCOMPLETE,
                        "the file has no group 'model_weights': save the whole model"));
  }

  @Override
  public String root() {
    return "";
  }

  @Override
  public String layer(String model, List<ModelSpec.Layer> layers, int index) {
    return model.isEmpty() ? layers.get(index).name() : model;
  }

  @Override
  public String model(String place) {
    return place;
  }

  @Override
  public String part(String place, String attribute) {
    return place;
  }

  @Override
  public List<WeightBinding> bind(List<WeightRequest> requests) {
    Map<String, List<WeightRequest>> byPlace = new LinkedHashMap<>();
    for (WeightRequest request : requests) {
      byPlace.computeIfAbsent(request.place(), place -> new ArrayList<>()).add(request);
    }
    List<WeightBinding> bindings = new ArrayList<>();
    byPlace.forEach((place, asked) -> bindings.addAll(bind(place, asked)));
    return List.copyOf(bindings);
  }

  /** A weight as the file lists it. */
  private record Listed(String name, String path, Hdf5Dataset dataset) {
    /** What Keras called it: {@code dense/kernel:0} is a {@code kernel}. */
    String simpleName() {
      String last = name.substring(name.lastIndexOf('/') + 1);
      int colon = last.indexOf(':');
      return colon < 0 ? last : last.substring(0, colon);
    }

    boolean answers(WeightRequest request) {
      String simple = simpleName();
      return simple.equals(request.name())
          || simple.matches(java.util.regex.Pattern.quote(request.name()) + "_\\d+");
    }
  }

  private List<WeightBinding> bind(String place, List<WeightRequest> asked) {
    List<WeightRequest> skipped = asked.stream().filter(WeightRequest::optional).toList();
    List<Listed> listed =
        listed(place).stream()
            .filter(weight -> skipped.stream().noneMatch(weight::answers))
            .toList();
    List<WeightRequest> inOrder = asked.stream().filter(r -> !r.optional()).toList();
    List<WeightRequest> trainedFirst =
        Stream.concat(
                inOrder.stream().filter(WeightRequest::trained),
                inOrder.stream().filter(request -> !request.trained()))
            .toList();
    if (listed.size() != inOrder.size()) {
      throw new Refusal(
          TENSOR_INVALID,
          "layer '%s' has %d weights in the file, its configuration asks for %d"
              .formatted(place, listed.size(), inOrder.size()));
    }
    List<WeightRequest> order =
        Stream.of(trainedFirst, inOrder)
            .filter(candidate -> namesAgree(candidate, listed))
            .findFirst()
            .orElse(trainedFirst);
    List<WeightBinding> bindings = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      Listed weight = listed.get(i);
      bindings.add(new WeightBinding(order.get(i), weight.path(), weight.name(), weight.dataset()));
    }
    return bindings;
  }

  private static boolean namesAgree(List<WeightRequest> order, List<Listed> listed) {
    for (int i = 0; i < order.size(); i++) {
      if (!listed.get(i).answers(order.get(i))
          || !listed.get(i).dataset().dimensions().equals(order.get(i).shape())) {
        return false;
      }
    }
    return true;
  }

  private List<Listed> listed(String layer) {
    Hdf5Group weights =
        child(group, layer)
            .filter(Hdf5Group.class::isInstance)
            .map(Hdf5Group.class::cast)
            .or(() -> group.group(layer))
            .orElseThrow(
                () ->
                    new Refusal(
                        MODEL_INCOMPLETE, "the file holds no weights of layer '" + layer + "'"));
    List<Listed> listed = new ArrayList<>();
    for (String name : names(weights, layer)) {
      Hdf5Dataset dataset =
          weights
              .dataset(name)
              .orElseThrow(
                  () ->
                      new Refusal(
                          MODEL_MALFORMED,
                          "layer '%s' lists weight '%s', which the file does not hold"
                              .formatted(layer, name)));
      listed.add(new Listed(name, GROUP + "/" + layer + "/" + name, dataset));
    }
    return listed;
  }

  private static Optional<dev.espalier.engine.format.hdf5.Hdf5Object> child(
      Hdf5Group group, String name) {
    return Optional.ofNullable(group.children().get(name));
  }

  /** Long lists are cut into {@code weight_names0}, {@code weight_names1}, … */
  private static List<String> names(Hdf5Group weights, String layer) {
    if (weights.attributes().containsKey(NAMES)) {
      return weights.attributes().get(NAMES).texts();
    }
    List<String> names = new ArrayList<>();
    for (int part = 0; weights.attributes().containsKey(NAMES + part); part++) {
      names.addAll(weights.attributes().get(NAMES + part).texts());
    }
    if (names.isEmpty()) {
      throw new Refusal(
          MODEL_MALFORMED, "the group of layer '" + layer + "' has no attribute 'weight_names'");
    }
    return names;
  }
}
