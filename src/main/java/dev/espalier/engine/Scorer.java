package dev.espalier.engine;

import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.infer.OnnxSession;
import java.util.BitSet;

/**
 * Scores models on samples of one data set.
 *
 * @param data the samples
 * @param threads compute threads
 * @param monitor told of the samples scored
 */
record Scorer(Dataset data, int threads, Monitor monitor) {

  /** Fraction of {@code samples} that a model predicts right, in [0, 1]. */
  double accuracy(Graph graph, int... samples) {
    return (double) correct(graph, samples).cardinality() / samples.length;
  }

  /** Which of {@code samples}, by place, a model predicts right. */
  BitSet correct(Graph graph, int... samples) {
    try (OnnxSession session = OnnxSession.open(graph, threads, monitor::worked)) {
      return session.predict(data, samples).correct(data);
    }
  }

  /**
   * The same for the model as it came, which must predict something for every sample.
   *
   * @throws dev.espalier.contract.Refusal {@code model-malformed}
   */
  BitSet correctAsSubmitted(Graph graph, int... samples) {
    try (OnnxSession session = OnnxSession.open(graph, threads, monitor::worked)) {
      return session.predictSubmitted(data, samples).correct(data);
    }
  }
}
