package dev.espalier.engine.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model: operators in topological order with ONNX semantics.
 *
 * @param opset version of the default operator set the nodes follow
 * @param inputs what callers feed; initializers are not among them
 * @param outputs what callers get
 * @param nodes in an order in which every value is written before it is read
 * @param initializers constant tensors by name
 * @param parameters the trained ones among them, in the source's order
 */
public record Graph(
    int opset,
    List<ValueInfo> inputs,
    List<ValueInfo> outputs,
    List<Node> nodes,
    Map<String, Tensor> initializers,
    List<Parameter> parameters) {

  /** Copies its collections (not the tensors); keeps the order of the initializers. */
  public Graph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    nodes = List.copyOf(nodes);
    initializers = Collections.unmodifiableMap(new LinkedHashMap<>(initializers));
    parameters = List.copyOf(parameters);
  }

  /** This graph with some initializers replaced; names it does not have are an error. */
  public Graph with(Map<String, Tensor> replaced) {
    Map<String, Tensor> all = new LinkedHashMap<>(initializers);
    replaced.forEach(
        (name, tensor) -> {
          if (all.put(name, tensor) == null) {
            throw new IllegalArgumentException("no initializer '" + name + "'");
          }
        });
    return new Graph(opset, inputs, outputs, nodes, all, parameters);
  }

  /**
   * This graph with the sizes its inputs leave open filled in, all but the batch's.
   *
   * @param samples a batch of input values by input name
   */
  public Graph sizedFor(Map<String, Tensor> samples) {
    List<ValueInfo> sized =
        inputs.stream()
            .map(
                input -> {
                  Tensor sample = samples.get(input.name());
                  return sample == null ? input : input.sizedFor(sample);
                })
            .toList();
    return new Graph(opset, sized, outputs, nodes, initializers, parameters);
  }

  /** The tensor of a parameter. */
  public Tensor tensor(Parameter parameter) {
    Tensor tensor = initializers.get(parameter.tensor());
    if (tensor == null) {
      throw new IllegalStateException("parameter without tensor: " + parameter);
    }
    return tensor;
  }

  /** The real numbers that a parameter's elements stand for. */
  public Weights weights(Parameter parameter) {
    Quantization quantization = parameter.quantization();
    return quantization == null
        ? Weights.of(tensor(parameter))
        : quantization.weights(tensor(parameter), initializers);
  }

  /** The parameters whose weights may be removed. */
  public List<Parameter> prunable() {
    return parameters.stream().filter(Parameter::prunable).toList();
  }
}
