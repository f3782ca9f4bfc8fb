package dev.espalier.engine;

import static dev.espalier.contract.ReasonCode.POLICY_NOT_SUPPORTED;

import dev.espalier.contract.ModelFormat;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.compress.Quantizer;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Dequantization;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.scope.PruningScope;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What users will run: the model that a candidate's weights are written as. Every score, the
 * verdict and the file are of this one, never of the weights on their way.
 *
 * @param graph the model as it came
 * @param quantizer of its weights
 */
record Deployment(Graph graph, Quantizer quantizer) {

  /**
   * How a policy deploys a model.
   *
   * @throws Refusal {@code policy-not-supported} when nothing in it can be quantised as asked
   */
  static Deployment of(SourceModel model, Policy policy, PruningScope scope) {
    Graph graph = model.graph();
    if (policy.quantize() == Policy.Quantize.NONE) {
      return new Deployment(graph, new Quantizer(policy.quantize(), Set.of(), false));
    }
    boolean integers =
        model.format() == ModelFormat.ONNX && policy.quantize() == Policy.Quantize.INT8;
    if (integers && graph.opset() < Quantizer.INTEGERS_SINCE) {
      throw new Refusal(
          POLICY_NOT_SUPPORTED,
          ("'quantize: int8' needs DequantizeLinear, which operator set %d does not have: export"
                  + " the model with operator set 13 or later, or choose codebook")
              .formatted(graph.opset()));
    }
    Set<String> tensors = new LinkedHashSet<>();
    for (String name : scope.tensors()) {
      if (model.storedType(name) == DataType.FLOAT || model.storedType(name) == DataType.DOUBLE) {
        tensors.add(name);
      }
    }
    tensors.removeIf(name -> graph.initializers().get(name).type() != DataType.FLOAT);
    if (tensors.isEmpty()) {
      throw new Refusal(
          POLICY_NOT_SUPPORTED,
          ("'quantize' is for 32-bit weights, and none of the %d kernels in scope holds any ('%s' is"
                  + " %s): leave it out")
              .formatted(
                  scope.tensors().size(),
                  scope.tensors().iterator().next(),
                  model.storedType(scope.tensors().iterator().next())));
    }
    return new Deployment(graph, new Quantizer(policy.quantize(), tensors, integers));
  }

  /**
   * The model with the weights of a candidate; a function of its arguments.
   *
   * @param masks what is gone, by tensor name
   * @param weights by tensor name
   */
  Graph of(Map<String, Mask> masks, Map<String, Tensor> weights) {
    return quantizer.apply(graph.with(weights));
  }

  /** A deployed model with real numbers wherever it holds integers that the original did not. */
  Graph real(Graph deployed) {
    return Dequantization.undone(graph, deployed);
  }
}
