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
   * @param after the model as it is now; same parameters, perhaps of other shapes
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
        !Arrays.equals(was.shape(), is.shape())
            || (scope.contains(parameter.tensor()) && nonZero < NonZero.count(before, parameter));
    return new Layer(
        parameter.source(),
        parameter.layer(),
        shape(was),
        shape(is),
        is.size() == 0 ? 0 : 1 - (double) nonZero / is.size(),
        changed(was, is, pruned, statistic));
  }

  private static Layer.Changed changed(Tensor was, Tensor is, boolean pruned, boolean statistic) {
    if (isSame(was, is)) {
      return Layer.Changed.NONE;
    }
    if (pruned) {
      return Layer.Changed.PRUNED;
    }
    return statistic ? Layer.Changed.STATISTICS : Layer.Changed.RETRAINED;
  }

  /**
   * The initializers of {@code after} that differ from those of {@code before}, by name; those that
   * only one of them has are left out.
   */
  public static Map<String, Tensor> changedTensors(Graph before, Graph after) {
    Map<String, Tensor> changed = new LinkedHashMap<>();
    after
        .initializers()
        .forEach(
            (name, is) -> {
              Tensor was = before.initializers().get(name);
              if (was != null && !isSame(was, is)) {
                changed.put(name, is);
              }
            });
    return changed;
  }

  private static boolean isSame(Tensor was, Tensor is) {
    return was == is || (Arrays.equals(was.shape(), is.shape()) && was.bytes().equals(is.bytes()));
  }

  private static List<Long> shape(Tensor tensor) {
    return Arrays.stream(tensor.shape()).boxed().toList();
  }
}
