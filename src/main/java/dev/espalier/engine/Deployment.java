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
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.LayerRules;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.scope.PruningScope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What users will run: the model that a candidate's weights are written as. Every score, the
 * verdict and the file are of this one, never of the weights on their way.
 *
 * @param graph the model as it came
 * @param scope what is removed from it
 * @param quantizer of the weights that are left
 */
record Deployment(Graph graph, PruningScope scope, Quantizer quantizer) {

  /**
   * How a policy deploys a model.
   *
   * @throws Refusal {@code policy-not-supported} when nothing in it can be quantised as asked
   */
  static Deployment of(SourceModel model, Policy policy, PruningScope scope) {
    Graph graph = model.graph();
    boolean integers =
        model.format() == ModelFormat.ONNX && policy.quantize() == Policy.Quantize.INT8;
    Set<String> tensors =
        policy.quantize() == Policy.Quantize.NONE ? Set.of() : quantizable(model, policy);
    if (integers && graph.opset() < Quantizer.INTEGERS_SINCE) {
      throw new Refusal(
          POLICY_NOT_SUPPORTED,
          ("'quantize: int8' needs DequantizeLinear, which operator set %d does not have: export"
                  + " the model with operator set 13 or later, or choose codebook")
              .formatted(graph.opset()));
    }
    return new Deployment(graph, scope, new Quantizer(policy.quantize(), tensors, integers));
  }

  private static Set<String> quantizable(SourceModel model, Policy policy) {
    LayerRules rules = new LayerRules(policy);
    List<String> kernels =
        model.graph().prunable().stream()
            .filter(parameter -> !rules.excludes(parameter.layer()))
            .map(Parameter::tensor)
            .toList();
    Set<String> tensors =
        kernels.stream().filter(name -> isFloat(model, name)).collect(Collectors.toSet());
    if (tensors.isEmpty()) {
      throw new Refusal(
          POLICY_NOT_SUPPORTED,
          ("'quantize' is for 32-bit weights, and none of the %d kernels that 'exclude' leaves is"
                  + " of these%s: leave it out")
              .formatted(
                  kernels.size(),
                  kernels.isEmpty()
                      ? ""
                      : " ('%s' is %s)"
                          .formatted(kernels.get(0), model.storedType(kernels.get(0)))));
    }
    return tensors;
  }

  /** Wider ones hold every float exactly; halves would round once more what was judged. */
  private static boolean isFloat(SourceModel model, String name) {
    Tensor tensor = model.graph().initializers().get(name);
    return tensor != null
        && tensor.type() == DataType.FLOAT
        && model.storedType(name) != DataType.FLOAT16;
  }

  /**
   * The model with the weights of a candidate; a function of its arguments.
   *
   * @param masks what is gone, by tensor name
   * @param weights by tensor name
   */
  Graph of(Map<String, Mask> masks, Map<String, Tensor> weights) {
    return quantizer.apply(scope.without(masks, graph.with(weights)));
  }

  /** A deployed model with real numbers wherever it holds integers that the original did not. */
  Graph real(Graph deployed) {
    return Dequantization.undone(graph, deployed);
  }
}
