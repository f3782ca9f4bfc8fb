package dev.espalier.engine.format.keras.lowering;

import static dev.espalier.contract.ReasonCode.LAYER_UNSUPPORTED;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.json.Fields;
import dev.espalier.engine.graph.Attribute;
import dev.espalier.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A layer called on values: what a lowering gets.
 *
 * @param layer the layer
 * @param inputs what it is called on, at least one
 * @param arguments keyword arguments of the call, as stored; without the inputs
 * @param weights the layer's
 * @param graph to append to
 */
public record LayerCall(
    LayerSpec layer, List<Value> inputs, Fields arguments, Weights weights, GraphBuilder graph) {

  /** Copies its inputs. */
  public LayerCall {
    inputs = List.copyOf(inputs);
  }

  /** The only input; several are refused. */
  public Value input() {
    if (inputs.size() != 1) {
      throw layer.config().malformed("it takes one input, but gets " + inputs.size());
    }
    return inputs.get(0);
  }

  /** Settings of the layer. */
  public Fields config() {
    return layer.config();
  }

  /** The same call for another layer: what a wrapper holds. */
  public LayerCall on(LayerSpec other, Weights itsWeights, Value... values) {
    Weights own = itsWeights.trainedIf(other.config().flag("trainable", true));
    return new LayerCall(other, List.of(values), arguments, own, graph);
  }

  /** The same call with other settings. */
  public LayerCall configured(Fields settings) {
    LayerSpec other = new LayerSpec(layer.className(), layer.name(), settings, layer.kerasMajor());
    return new LayerCall(other, inputs, arguments, weights, graph);
  }

  /** Appends an operator with one result, named after the layer. */
  public String append(String operator, Map<String, Attribute> attributes, String... values) {
    return graph.append(layer.name(), operator, attributes, List.of(values));
  }

  /** Adds a constant, named after the layer. */
  public String constant(String hint, Tensor tensor) {
    return graph.constant(layer.name() + "/" + hint, tensor);
  }

  /** A result in Keras' order, of float elements, without a mask. */
  public List<Value> result(String name, List<Long> shape) {
    return new ArrayList<>(List.of(Value.of(name, shape)));
  }

  /** A refusal that names the layer. */
  public Refusal unsupported(String what) {
    return new Refusal(LAYER_UNSUPPORTED, layer.config().where() + ": " + what);
  }
}
