package dev.espalier.engine.format.keras;

import java.io.IOException;
import java.util.List;

/** How a file arranges weights: by layer name, or by the path of the object that owns them. */
interface WeightPlaces {
  /** Where the model's layers are. */
  String root();

  /**
   * Where the weights of a layer are.
   *
   * @param model place of the model that holds it
   * @param layers of that model, in the configuration's order
   * @param index of the layer among them
   */
  String layer(String model, List<ModelSpec.Layer> layers, int index);

  /** Where the layers of a nested model are, given where the model is. */
  String model(String place);

  /** Where the weights of a part of a layer are. */
  String part(String place, String attribute);

  /**
   * Finds the datasets of all requests that are not optional.
   *
   * @throws dev.espalier.contract.Refusal when one is missing or has another shape, or when there
   *     are more than were asked for
   */
  List<WeightBinding> bind(List<WeightRequest> requests) throws IOException;
}
