package dev.espalier.engine;

import dev.espalier.engine.calibration.Calibration;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.reconstruction.Reconstruction;
import dev.espalier.engine.scope.PruningScope;
import java.nio.DoubleBuffer;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Layer-wise reconstruction of a model, layer by layer in the order in which data flow: the inputs
 * of each are those that the layers pruned before it give (Frantar and Alistarh 2023,
 * arXiv:2301.00774, section 4).
 *
 * @param graph the model as it came
 * @param scope what may be removed from it
 * @param inputs of its layers
 */
record Reconstructor(Graph graph, PruningScope scope, LayerInputSums inputs) {

  /**
   * Most numbers in the Hessians of one layer, of eight bytes each: those of 4,608 columns. Layers
   * with more are reconstructed in parts.
   */
  private static final long MOST_NUMBERS = 4_608L * 4_608;

  /**
   * Removes weights and updates the others.
   *
   * @param before what is kept before
   * @param wanted as many removed of each tensor as will be; which ones is found anew
   * @param weights zero where {@code before} removes; not changed
   * @param step 1-based; another step draws other samples
   */
  Pruned run(
      Map<String, Mask> before, Map<String, Mask> wanted, Map<String, Tensor> weights, int step) {
    Map<String, Mask> masks = new LinkedHashMap<>(before);
    Map<String, Tensor> updated = new LinkedHashMap<>(weights);
    for (Parameter kernel : inOrder()) {
      String name = kernel.tensor();
      long more = (long) before.get(name).keptCount() - wanted.get(name).keptCount();
      if (more > 0) {
        Calibration calibration = new Calibration(graph.with(updated));
        int width = width(calibration, kernel);
        List<DoubleBuffer> grams = inputs.grams(calibration, kernel, width, step);
        Tensor tensor = weights.get(name).copy();
        Reconstruction layer =
            Reconstruction.of(calibration.matrix(kernel), width, grams, inputs.monitor()::worked);
        masks.put(name, layer.prune(scope.weights(name, tensor), before.get(name), more));
        updated.put(name, tensor);
      }
    }
    return new Pruned(masks, updated);
  }

  private static int width(Calibration calibration, Parameter kernel) {
    long columns = calibration.matrix(kernel).columns();
    long wide = MOST_NUMBERS / (columns * calibration.matrix(kernel).groups());
    return (int) Math.max(1, Math.min(columns, wide));
  }

  /** The kernels in scope by the place of the first node that reads them. */
  private List<Parameter> inOrder() {
    Map<String, Integer> first = new LinkedHashMap<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      for (String input : node.inputs()) {
        first.putIfAbsent(input, i);
      }
    }
    return graph.prunable().stream()
        .filter(kernel -> scope.tensors().contains(kernel.tensor()))
        .sorted(Comparator.comparingInt(kernel -> first.getOrDefault(kernel.tensor(), 0)))
        .toList();
  }
}
