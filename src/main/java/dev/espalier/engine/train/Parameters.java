package dev.espalier.engine.train;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.operator.Value;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * All trained tensors of a graph, laid end to end in one flat array of weights and one of
 * gradients, so that an optimiser is one loop. Each tensor is a view that starts on a cache line;
 * the gaps hold zeros. Statistics, which training updates from data and not by gradients, and what
 * is frozen lie apart where no optimiser reaches them.
 */
final class Parameters {
  private static final int CACHE_LINE = 16; // floats

  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Map<String, Integer> offsets = new LinkedHashMap<>();
  private final FloatBuffer weights;
  private final FloatBuffer gradients;

  /**
   * Memory for the parameters of a graph.
   *
   * @param apart names of those that no gradient is for
   */
  Parameters(Graph graph, Set<String> apart) {
    long size = 0;
    for (Parameter parameter : graph.parameters()) {
      if (apart.contains(parameter.tensor())) {
        continue;
      }
      offsets.put(parameter.tensor(), Math.toIntExact(size));
      long elements = graph.tensor(parameter).size();
      size += (elements + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    }
    Tensor flat = Tensor.zeros(DataType.FLOAT, size);
    Tensor flatGradient = Tensor.zeros(DataType.FLOAT, size);
    weights = flat.floats();
    gradients = flatGradient.floats();
    for (Parameter parameter : graph.parameters()) {
      String name = parameter.tensor();
      long[] shape = graph.tensor(parameter).shape();
      if (apart.contains(name)) {
        values.put(name, Value.allocate(false, shape));
      } else {
        int offset = offsets.get(name);
        values.put(name, new Value(flat.slice(offset, shape), flatGradient.slice(offset, shape)));
      }
    }
  }

  /** The tensors by name; views of the flat arrays, but for those that lie apart. */
  Map<String, Value> values() {
    return values;
  }

  /** The flat weights. */
  FloatBuffer weights() {
    return weights.duplicate();
  }

  /** The flat gradients. */
  FloatBuffer gradients() {
    return gradients.duplicate();
  }

  /**
   * Copies start values in and zeroes what the masks remove.
   *
   * @param tensors every parameter in its shape, by name
   */
  void load(Map<String, Tensor> tensors, Map<String, Mask> masks) {
    values.forEach(
        (name, value) -> {
          Tensor tensor = tensors.get(name);
          if (tensor == null || !Arrays.equals(tensor.shape(), value.data().shape())) {
            throw new IllegalArgumentException("weights of '" + name + "' are " + tensor);
          }
          value.data().floats().put(tensor.floats());
        });
    masks.forEach((name, mask) -> mask.applyTo(value(name).data().floats()));
  }

  private Value value(String name) {
    Value value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("'" + name + "' is not a trained tensor");
    }
    return value;
  }

  /** Copies the weights out. */
  Map<String, Tensor> copy() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    values.forEach((name, value) -> tensors.put(name, value.data().copy()));
    return tensors;
  }

  /**
   * A flat array with 1 for every weight the masks keep (or do not mention) and 0 for the others.
   */
  FloatBuffer keep(Map<String, Mask> masks) {
    FloatBuffer keep = Tensor.zeros(DataType.FLOAT, weights.capacity()).floats();
    for (int i = 0; i < keep.capacity(); i++) {
      keep.put(i, 1f);
    }
    offsets.forEach(
        (name, offset) -> {
          Mask mask = masks.get(name);
          if (mask != null) {
            mask.applyTo(keep.slice(offset, value(name).data().size()));
          }
        });
    return keep;
  }

  /** Whether every weight and statistic is a finite number. */
  boolean finite() {
    return finite(weights)
        && values.values().stream()
            .filter(value -> !value.differentiated())
            .allMatch(statistic -> finite(statistic.data().floats()));
  }

  static boolean finite(FloatBuffer values) {
    for (int i = 0; i < values.capacity(); i++) {
      if (!Float.isFinite(values.get(i))) {
        return false;
      }
    }
    return true;
  }
}
