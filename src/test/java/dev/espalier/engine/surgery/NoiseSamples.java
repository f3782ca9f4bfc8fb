package dev.espalier.engine.surgery;

import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.infer.Forward;
import dev.espalier.engine.infer.TrialInputs;
import java.util.Random;

/**
 * Samples for models that come without data.
 *
 * @param graph the model
 * @param openSize where it leaves sizes open
 */
record NoiseSamples(Graph graph, int openSize) implements BatchSource {
  /** A proof on the first noise that a model runs on. */
  static RemovalProof proof(Graph graph) {
    int size =
        Probe.openSizes(graph).stream().filter(open -> runs(graph, open)).findFirst().orElseThrow();
    return new RemovalProof(TrialInputs.of(graph, new NoiseSamples(graph, size), 1, 0, 1, 2));
  }

  private static boolean runs(Graph graph, int size) {
    try {
      return !Forward.run(graph, Probe.inputs(graph, 1, size, new Random(size))).isEmpty();
    } catch (Refusal e) {
      return false;
    }
  }

  @Override
  public Task task() {
    return Task.CLASSIFICATION;
  }

  @Override
  public int samples() {
    return 3;
  }

  @Override
  public Batch batch(int... indices) {
    return new Batch(
        Probe.inputs(graph, indices.length, openSize, new Random(openSize)),
        Tensor.zeros(DataType.INT64, indices.length));
  }
}
