package dev.espalier.engine.train;

import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Node;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.ValueInfo;
import dev.espalier.engine.operator.Untrainable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A graph whose tape computes what inference does, for gradients that say how the model as it is
 * depends on its weights: dropout passes its operand on, and batch normalisation is the affine map
 * {@code y = γ (x − μ) / √(σ² + ε) + β} with the running statistics μ and σ² as constants. Scale,
 * shift and all other parameters stay what they are.
 *
 * <p>The statistics are those that the graph holds, so a form is good for one set of weights.
 */
final class InferenceForm {
  private static final String BATCH_NORMALIZATION = "BatchNormalization";

  private InferenceForm() {}

  /**
   * The inference form of a graph.
   *
   * @throws Untrainable when a normalisation's statistics are neither in the graph nor computed
   *     from constants, so that they cannot be held fixed
   */
  static Graph of(Graph graph) {
    Statistics statistics = new Statistics(graph, graph.nodes());
    Set<String> fixed = new HashSet<>(statistics.names());
    fixed.removeAll(statistics.alsoWeights());
    // What is no parameter is a constant, and by constant statistics the tape normalises as
    // inference does.
    List<Parameter> parameters =
        graph.parameters().stream().filter(p -> !fixed.contains(p.tensor())).toList();
    requireConstantStatistics(graph, parameters);
    List<Node> nodes = graph.nodes().stream().map(InferenceForm::withoutNoise).toList();
    return new Graph(
        graph.opset(), graph.inputs(), graph.outputs(), nodes, graph.initializers(), parameters);
  }

  private static Node withoutNoise(Node node) {
    return node.operator().equals("Dropout") ? node.passingOn() : node;
  }

  private static void requireConstantStatistics(Graph graph, List<Parameter> parameters) {
    Set<String> varying = new HashSet<>();
    graph.inputs().stream().map(ValueInfo::name).forEach(varying::add);
    parameters.stream().map(Parameter::tensor).forEach(varying::add);
    for (Node node : graph.nodes()) {
      List<String> inputs = node.inputs();
      if (node.operator().equals(BATCH_NORMALIZATION)
          && inputs.stream().skip(3).anyMatch(varying::contains)) {
        throw new Untrainable(
            "node '%s' (%s): its statistics %s are not constant"
                .formatted(node.name(), node.operator(), inputs.subList(3, inputs.size())));
      }
      if (inputs.stream().anyMatch(varying::contains)) {
        varying.addAll(node.outputs());
      }
    }
  }
}
