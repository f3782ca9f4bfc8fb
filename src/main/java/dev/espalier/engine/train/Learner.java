package dev.espalier.engine.train;

import dev.espalier.contract.Policy;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.operator.Untrainable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A graph in training: its weights, the tapes that play it, one per batch size, and the model it
 * learns from where it is distilled.
 */
final class Learner {
  private final Graph graph;
  private final Plan plan;
  private final Parameters parameters;
  private final Policy.Recover.@Nullable Distill distill;
  private final @Nullable Teacher teacher;
  private final Map<Integer, Tape> tapes = new HashMap<>();

  /**
   * A graph to train.
   *
   * @param graph a graph without {@link Trainability#obstacles obstacles}; with its own weights it
   *     is the teacher
   * @param task what its outputs and the targets mean
   * @param distill how it learns from the teacher; null for not at all
   * @throws Refusal {@code operator-unsupported} when the graph has obstacles
   */
  Learner(Graph graph, Task task, Policy.Recover.@Nullable Distill distill) {
    this.graph = graph;
    this.distill = distill;
    try {
      plan = new Plan(withoutFrozenStatistics(graph), task);
      if (!plan.obstacles().isEmpty()) {
        throw new Untrainable(plan.obstacles().get(0));
      }
      teacher = distill == null ? null : new Teacher(graph, task);
    } catch (Untrainable e) {
      throw refusal(e);
    }
    Set<String> apart = new HashSet<>(plan.statistics());
    plan.graph().parameters().stream()
        .filter(Parameter::frozen)
        .map(Parameter::tensor)
        .forEach(apart::add);
    parameters = new Parameters(plan.graph(), apart);
  }

  /** A frozen normalisation trains as it infers: by statistics that are constants. */
  private static Graph withoutFrozenStatistics(Graph graph) {
    Set<String> statistics = Statistics.of(graph);
    List<Parameter> parameters =
        graph.parameters().stream()
            .filter(p -> !(p.frozen() && statistics.contains(p.tensor())))
            .toList();
    return new Graph(
        graph.opset(),
        graph.inputs(),
        graph.outputs(),
        graph.nodes(),
        graph.initializers(),
        parameters);
  }

  /** The weights. */
  Parameters parameters() {
    return parameters;
  }

  /** Names of the parameters that training updates from data, not by gradients. */
  Set<String> statistics() {
    return plan.statistics();
  }

  /** Those of them that depend on a weight which is no longer the graph's. */
  Set<String> staleStatistics() {
    Set<String> changed = new HashSet<>();
    parameters
        .values()
        .forEach(
            (name, value) -> {
              if (!value.data().bytes().equals(graph.initializers().get(name).bytes())) {
                changed.add(name);
              }
            });
    return plan.statisticsAfter(changed);
  }

  /** Copies start values in and zeroes what the masks remove. */
  void load(Map<String, Tensor> weights, Map<String, Mask> masks) {
    parameters.load(weights, masks);
  }

  /**
   * The weights, copied.
   *
   * @param start by name, for statistics that are frozen
   */
  Map<String, Tensor> copy(Map<String, Tensor> start) {
    Map<String, Tensor> copy = parameters.copy();
    for (Parameter parameter : graph.parameters()) {
      copy.computeIfAbsent(parameter.tensor(), name -> start.get(name).copy());
    }
    return copy;
  }

  /**
   * Plays a batch forwards and backwards, which leaves the gradients in the parameters.
   *
   * @param noise random numbers of this pass
   * @return the mean loss
   * @throws Refusal when labels or shapes do not fit the model
   */
  double play(Batch batch, RandomGenerator noise) {
    Tape tape = tape(batch);
    if (teacher != null) {
      teacher.answer(samples(batch), batch);
    }
    return tape.play(batch.inputs(), batch.targets(), noise);
  }

  /**
   * Plays a batch forwards only, which changes the statistics of normalisations and nothing else.
   *
   * @param batches batches since settling began, before this one
   */
  void settle(Batch batch, int batches, RandomGenerator noise) {
    tape(batch).settle(batch.inputs(), batches, noise);
  }

  /** What plays batches of that size. */
  Tape tape(Batch batch) {
    int samples = samples(batch);
    Tape tape = tapes.get(samples);
    if (tape == null) {
      Map<String, long[]> shapes = new HashMap<>();
      batch.inputs().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
      try {
        tape = tape(samples, shapes);
      } catch (Untrainable e) {
        throw refusal(e);
      }
      tapes.put(samples, tape);
    }
    return tape;
  }

  private Tape tape(int samples, Map<String, long[]> shapes) {
    if (distill == null || teacher == null) {
      return new Tape(plan, parameters, shapes);
    }
    var answers = teacher.answers(samples, shapes);
    return new Tape(
        plan, parameters, shapes, outputs -> plan.objective().loss(outputs, distill, answers));
  }

  private static int samples(Batch batch) {
    return (int) batch.targets().dimension(0);
  }

  private static Refusal refusal(Untrainable e) {
    return new Refusal(
        ReasonCode.OPERATOR_UNSUPPORTED,
        "the model cannot be fine-tuned: %s; set recover.epochs to 0".formatted(e.getMessage()),
        e);
  }

  /** Lets go of the tapes. */
  void clear() {
    if (teacher != null) {
      teacher.clear();
    }
    tapes.clear();
  }
}
