package dev.espalier.engine.train;

import dev.espalier.contract.Task;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.Untrainable;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** A model that another one learns from, as it is in inference: without dropout, never trained. */
final class Teacher {
  private final Plan plan;
  private final Parameters parameters;
  private final Map<Integer, Tape> tapes = new HashMap<>();

  /**
   * A teacher.
   *
   * @param graph a model with its weights
   * @param task what its outputs mean
   * @throws Untrainable when it has no inference form, or that cannot be played
   */
  Teacher(Graph graph, Task task) {
    plan = new Plan(InferenceForm.of(graph), task);
    if (!plan.obstacles().isEmpty()) {
      throw new Untrainable(plan.obstacles().get(0));
    }
    parameters =
        new Parameters(
            plan.graph(),
            plan.graph().parameters().stream().map(Parameter::tensor).collect(Collectors.toSet()));
    parameters.load(graph.initializers(), Map.of());
  }

  /**
   * Where its answers to batches of that size are.
   *
   * @param shapes of a batch by input name
   * @return the value under the task's loss
   */
  Tensor answers(int samples, Map<String, long[]> shapes) {
    return tapes.computeIfAbsent(samples, n -> new Tape(plan, parameters, shapes, null)).outputs();
  }

  /** Answers a batch of a size whose answers were asked for. */
  void answer(int samples, Batch batch) {
    Tape tape = tapes.get(samples);
    if (tape == null) {
      throw new IllegalStateException("nobody asked for answers to " + samples + " samples");
    }
    tape.play(batch.inputs(), new SplittableRandom(0));
  }

  /** Lets go of the tapes. */
  void clear() {
    tapes.clear();
  }
}
