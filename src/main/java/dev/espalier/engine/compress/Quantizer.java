package dev.espalier.engine.compress;

import dev.espalier.contract.Policy;
import dev.espalier.engine.graph.Dequantization;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.KernelAxes;
import dev.espalier.engine.graph.QuantizedTensor;
import dev.espalier.engine.graph.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Gives the weights of a model the values of their stored form.
 *
 * @param form the form
 * @param tensors float kernels that take it
 * @param integers whether the model's file holds integers; otherwise it holds the real numbers that
 *     they stand for
 */
public record Quantizer(Policy.Quantize form, Set<String> tensors, boolean integers) {
  /** The operator set that gave {@code DequantizeLinear} an axis. */
  private static final int AXIS_SINCE = 13;

  /** The operator set that introduced {@code DequantizeLinear}. */
  public static final int INTEGERS_SINCE = 10;

  /** Copies the names. */
  public Quantizer {
    tensors = Set.copyOf(tensors);
  }

  /**
   * The model with quantised weights. With 8-bit integers each output channel has a scale, except
   * where the readers of a tensor disagree about its axes or the file's operator set knows one
   * scale alone.
   */
  public Graph apply(Graph graph) {
    return switch (form) {
      case NONE -> graph;
      case INT8 -> int8(graph);
      case CODEBOOK -> codebook(graph);
    };
  }

  private Graph codebook(Graph graph) {
    Map<String, Tensor> changed = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> entry : graph.initializers().entrySet()) {
      Tensor tensor = entry.getValue();
      if (tensors.contains(entry.getKey())) {
        changed.put(entry.getKey(), Codebook.quantize(tensor, Codebook.valuesFor(tensor)));
      }
    }
    return graph.with(changed);
  }

  private Graph int8(Graph graph) {
    boolean channels = !integers || graph.opset() >= AXIS_SINCE;
    Map<String, KernelAxes> axes = channels ? KernelAxes.of(graph) : Map.of();
    Map<String, QuantizedTensor> quantized = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> entry : graph.initializers().entrySet()) {
      KernelAxes known = axes.get(entry.getKey());
      if (tensors.contains(entry.getKey())) {
        OptionalInt axis = known == null ? OptionalInt.empty() : OptionalInt.of(known.output());
        quantized.put(entry.getKey(), Int8.quantize(entry.getValue(), axis));
      }
    }
    if (integers) {
      return Dequantization.insert(graph, quantized);
    }
    Map<String, Tensor> real = new LinkedHashMap<>();
    quantized.forEach((name, tensor) -> real.put(name, tensor.real()));
    return graph.with(real);
  }
}
