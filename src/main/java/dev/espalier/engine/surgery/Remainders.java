package dev.espalier.engine.surgery;

import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.mask.Mask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

/**
 * The constants that masked channels leave in a model. They do not depend on the input, so running
 * the masked model once tells them, whatever operators made them: a sigmoid of zero, a bias that is
 * no parameter, a normalisation without scale.
 */
final class Remainders {
  private final Graph masked;
  private final Map<String, Mask> kept;

  Remainders(Graph masked, Map<String, Mask> kept) {
    this.masked = masked;
    this.kept = kept;
  }

  /** The biases that take them, by name. */
  Map<String, Tensor> folded(List<Adjustments.Remains> all) {
    Map<String, Tensor> biases = new LinkedHashMap<>();
    List<Adjustments.Remains> removed = all.stream().filter(this::removes).toList();
    if (!removed.isEmpty()) {
      Map<String, Tensor> values = values(removed);
      for (Adjustments.Remains remains : removed) {
        biases.put(remains.fold().bias(), fold(remains, values));
      }
    }
    return biases;
  }

  private boolean removes(Adjustments.Remains remains) {
    return remains.channels().keySet().stream()
        .map(kept::get)
        .anyMatch(mask -> mask != null && mask.keptCount() < mask.size());
  }

  private Map<String, Tensor> values(List<Adjustments.Remains> removed) {
    List<String> names = removed.stream().map(r -> r.fold().value()).distinct().toList();
    KnownShapes shapes = KnownShapes.of(masked);
    List<ValueInfo> outputs = new ArrayList<>();
    for (String name : names) {
      List<Long> open = shapes.shape(name).stream().map(d -> ValueInfo.UNKNOWN).toList();
      outputs.add(new ValueInfo(name, DataType.FLOAT, open));
    }
    return Probe.run(
        new Graph(
            masked.opset(),
            masked.inputs(),
            outputs,
            masked.nodes(),
            masked.initializers(),
            masked.parameters()),
        1);
  }

  private Tensor fold(Adjustments.Remains remains, Map<String, Tensor> values) {
    Fold fold = remains.fold();
    Tensor weights = tensor(fold.weights());
    Tensor bias = tensor(fold.bias()).copy();
    double[] sums = new double[bias.size()];
    Tensor value = Objects.requireNonNull(values.get(fold.value()));
    long step = stride(value, fold.axis());
    for (Map.Entry<String, ChannelMap> part : remains.channels().entrySet()) {
      Mask mask = kept.get(part.getKey());
      ChannelMap map = part.getValue();
      for (int p = 0; mask != null && p < map.size(); p++) {
        if (map.channel(p) != ChannelMap.NONE && !mask.kept(map.channel(p))) {
          add(sums, weights, fold, p, value.floats().get(Math.toIntExact(p * step)));
        }
      }
    }
    for (int i = 0; i < sums.length; i++) {
      double sum = bias.floats().get(i) + fold.scale() * sums[i];
      bias.floats().put(i, (float) sum);
    }
    return bias;
  }

  private Tensor tensor(String name) {
    return Objects.requireNonNull(masked.initializers().get(name));
  }

  private static long stride(Tensor tensor, int axis) {
    return LongStream.of(tensor.shape()).skip(axis + 1L).reduce(1, Math::multiplyExact);
  }

  /** Adds what a constant at a position makes of the weights, in every result. */
  private static void add(double[] sums, Tensor weights, Fold fold, int position, float constant) {
    long inStride = stride(weights, fold.in());
    long outStride = stride(weights, fold.out());
    for (int i = 0; i < weights.size(); i++) {
      if (i / inStride % weights.dimension(fold.in()) == position) {
        int out = (int) (i / outStride % weights.dimension(fold.out()));
        sums[out] += (double) weights.floats().get(i) * constant;
      }
    }
  }
}
