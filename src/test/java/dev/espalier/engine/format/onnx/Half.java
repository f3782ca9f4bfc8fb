package dev.espalier.engine.format.onnx;

import dev.espalier.contract.Policy;
import dev.espalier.contract.PolicyReader;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.scope.PruningScope;
import java.util.LinkedHashMap;
import java.util.Map;

/** Removes half of a model's weights, the smallest of all. */
final class Half {
  private Half() {}

  /** What may be removed. */
  static PruningScope scope(SourceModel model) {
    Policy policy = PolicyReader.readYaml("name: half\nminimum-kept: 0\n");
    return PruningScope.of(model.graph(), policy);
  }

  /** The pruned tensors by name. */
  static Map<String, Tensor> of(SourceModel model) {
    PruningScope scope = scope(model);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    scope
        .tensors()
        .forEach(name -> weights.put(name, model.graph().initializers().get(name).copy()));
    Map<String, Mask> masks =
        scope.remove(
            scope.initialMasks(),
            weights,
            Policy.Criterion.MAGNITUDE,
            Map.of(),
            Policy.Scope.GLOBAL,
            scope.size() / 2);
    masks.forEach((name, mask) -> mask.applyTo(scope.weights(name, weights.get(name))));
    return weights;
  }
}
