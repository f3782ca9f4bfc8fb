package dev.espalier.engine.scope;

import dev.espalier.contract.Granularity;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.graph.Weights;
import dev.espalier.engine.mask.LayerRules;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.score.Evidence;
import dev.espalier.engine.score.Need;
import dev.espalier.engine.surgery.RemovalProof;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a policy may remove from a model, in units of its granularity. Sparsity, targets and counts
 * are over these units.
 */
public sealed interface PruningScope permits WeightScope, FilterScope {

  /**
   * The scope of {@code policy} in a model.
   *
   * @param sized the model's graph, with the sizes of its inputs where they are known
   * @param proof of every removal of channels
   * @throws Refusal {@code nothing-to-prune} when it is empty, {@code policy-invalid} when an
   *     expression does not compile or finds no layer
   */
  static PruningScope of(SourceModel model, Graph sized, Policy policy, RemovalProof proof)
      throws IOException {
    requireMatches(model.graph(), policy);
    return policy.granularity() instanceof Granularity.Filter
        ? FilterScope.of(model.graph(), PrunableGroups.of(model, sized), policy, sized, proof)
        : WeightScope.of(model.graph(), policy);
  }

  /**
   * The scope of a policy that does not remove channels, for which the graph alone decides.
   *
   * @throws Refusal as {@link #of(SourceModel, Graph, Policy, RemovalProof)} does
   */
  static PruningScope of(Graph graph, Policy policy) {
    requireMatches(graph, policy);
    return WeightScope.of(graph, policy);
  }

  private static void requireMatches(Graph graph, Policy policy) {
    new LayerRules(policy)
        .requireMatches(graph.parameters().stream().map(Parameter::layer).toList());
  }

  /** Names of the tensors that masks are for. */
  Set<String> tensors();

  /** Kernels that the granularity cannot be applied to, each with the reason. */
  default List<String> leftAlone() {
    return List.of();
  }

  /** Names of the tensors that criteria score. */
  Set<String> scored();

  /**
   * Requires that a criterion has something to look at.
   *
   * @throws Refusal {@code nothing-to-prune} when it has not
   */
  default void requireUseOf(Policy.Criterion criterion) {}

  /** What scores by a criterion depend on beside the weights. */
  Need need(Policy.Criterion criterion);

  /** What the units are called. */
  String unit();

  /**
   * The parts that can be pruned apart, by name: layers, or groups of channels that are coupled.
   */
  Map<String, PruningScope> parts();

  /** Number of units. */
  long size();

  /** How many units less than asked for may go although more could: fewer make no multiple. */
  default long rounding() {
    return 0;
  }

  /** Most units that {@code minimum-kept} and overrides let go, those gone already included. */
  long mostRemoved();

  /** What the elements of {@code tensor}, a version of the one called {@code name}, stand for. */
  Weights weights(String name, Tensor tensor);

  /**
   * How many units are gone in a version of the model.
   *
   * @param masks by tensor name
   * @param version tensors by name
   */
  long removed(Map<String, Mask> masks, Map<String, Tensor> version);

  /** Masks that keep what is not gone in the model as it came: what is gone stays gone. */
  Map<String, Mask> initialMasks();

  /**
   * Scores the units and removes the lowest until {@code total} are gone.
   *
   * @param masks by tensor name; copied, not changed
   * @param weights current values by tensor name, those of the scope among them
   * @param evidence what the criterion looks at beside those values, by tensor name; may be empty
   *     where it needs none
   * @param selection where scores are compared
   * @param total units gone afterwards, in [0, {@link #size()}]; fewer where the criterion has too
   *     few candidates
   * @return the new masks
   * @throws Refusal {@code policy-invalid} when caps or an emptied layer stand against it
   */
  Map<String, Mask> remove(
      Map<String, Mask> masks,
      Map<String, Tensor> weights,
      Policy.Criterion criterion,
      Map<String, Evidence> evidence,
      Policy.Scope selection,
      long total);

  /**
   * The model as users get it: without what takes no effort to leave out.
   *
   * @param masks by tensor name
   * @param full the model in the shapes it came with, zero where the masks remove
   */
  Graph without(Map<String, Mask> masks, Graph full);
}
