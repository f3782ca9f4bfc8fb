package dev.espalier.engine.report;

import dev.espalier.contract.ModelResult.Layer;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.NonZero;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a job did to each parameter, found by comparing bytes and not by trusting the job. */
public final class LayerReport {
  private LayerReport() {}

  /**
   * One entry per parameter tensor, in the model's order.
   *
   * @param before the model as it came
   * @param after the model as it is now; same parameters
   * @param scope names of the tensors that pruning was allowed to touch
   * @param statistics names of the tensors that training measures
   */
  public static List<Layer> of(
      Graph before, Graph after, Set<String> scope, Set<String> statistics) {
    return before.parameters().stream()
        .map(p -> layer(p, before, after, scope, statistics.contains(p.tensor())))
        .toList();
  }

  private static Layer layer(
      Parameter parameter, Graph before, Graph after, Set<String> scope, boolean statistic) {
    Tensor was = before.tensor(parameter);
    Tensor is = after.tensor(parameter);
    long nonZero = NonZero.count(after, parameter);
    boolean pruned =
        scope.contains(parameter.tensor()) && nonZero < NonZero.count(before, parameter);
    return new Layer(
        parameter.source(),
        parameter.layer(),
        shape(was),
        shape(is),
        is.size() == 0 ? 0 : 1 - (double) nonZero / is.size(),
        changed(was, is, pruned, statistic));
  }

  private static Layer.Changed changed(Tensor was, Tensor is, boolean pruned, boolean statistic) {
    if (was.bytes().equals(is.bytes())) {
      return Layer.Changed.NONE;
    }
    if (pruned) {
      return Layer.Changed.PRUNED;
    }
    return statistic ? Layer.Changed.STATISTICS : Layer.Changed.RETRAINED;
  }

  /** The tensors of {@code after} whose bytes differ from those of {@code before}, by name. */
  public static Map<String, Tensor> changedTensors(Graph before, Graph after) {
    Map<String, Tensor> changed = new LinkedHashMap<>();
    for (Parameter parameter : before.parameters()) {
      Tensor is = after.tensor(parameter);
      if (!before.tensor(parameter).bytes().equals(is.bytes())) {
        changed.put(parameter.tensor(), is);
      }
    }
    return changed;
  }

  private static List<Long> shape(Tensor tensor) {
    return Arrays.stream(tensor.shape()).boxed().toList();
  }
}
