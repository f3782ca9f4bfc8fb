package dev.espalier.engine.train;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Task;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.operator.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Plays a whole data set through a tape once. */
final class Losses {
  private final Parameters parameters;
  private final Tape tape;
  private final Batch batch;

  private Losses(Graph graph, Task task, Samples data) {
    Plan plan = new Plan(graph, task);
    parameters = new Parameters(graph, plan.statistics());
    parameters.load(graph.initializers(), Map.of());
    batch = data.batch(IntStream.range(0, data.samples()).toArray());
    Map<String, long[]> shapes = new HashMap<>();
    batch.inputs().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    tape = new Tape(plan, parameters, shapes);
  }

  static Losses of(Graph graph, Samples data) {
    return of(graph, Task.CLASSIFICATION, data);
  }

  static Losses of(Graph graph, Task task, Samples data) {
    return new Losses(graph, task, data);
  }

  /** Mean loss with the weights as they are now; leaves the gradients. */
  double loss() {
    return tape.play(batch.inputs(), batch.targets(), new SplittableRandom(5));
  }

  /** The losses before each of some updates. */
  double[] update(Policy.Recover settings, int times) {
    Updates updates = new Updates(settings, parameters, Map.of(), times, Map.of());
    double[] losses = new double[times];
    for (int i = 0; i < times; i++) {
      losses[i] = loss();
      updates.apply();
    }
    return losses;
  }

  /** A trained tensor and its gradient, live. */
  Value parameter(String name) {
    return parameters.values().get(name);
  }

  Tensor logits() {
    return tape.outputs();
  }

  double accuracy() {
    loss();
    int classes = (int) logits().dimension(1);
    float[] values = logits().toFloats();
    long correct =
        IntStream.range(0, batch.targets().size())
            .filter(
                s ->
                    IntStream.range(0, classes)
                        .allMatch(
                            c ->
                                values[s * classes + c]
                                    <= values[s * classes + (int) batch.targets().longs().get(s)]))
            .count();
    return correct / (double) batch.targets().size();
  }
}
