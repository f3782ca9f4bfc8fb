package dev.espalier.bench;

import dev.espalier.contract.Policy;
import dev.espalier.engine.data.DataLimits;
import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.data.Split;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.gate.Comparison;
import dev.espalier.engine.gate.Gate;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Parameter;
import dev.espalier.engine.graph.Weights;
import dev.espalier.engine.infer.OnnxSession;
import dev.espalier.engine.metric.Head;
import dev.espalier.engine.metric.Measurement;
import dev.espalier.engine.metric.Meter;
import dev.espalier.engine.metric.Yardstick;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The test images that the engine's verdict of the same policy is about, for comparisons that the
 * engine does not make: with the dense control, and of what others made.
 *
 * @param network what the images are for
 * @param test the test set
 * @param policy metric, tolerance, confidence, and the seed of the halves
 */
record VerdictHalf(Network network, Path test, Policy policy) {

  /** Compares two model files by the gate's own test. */
  Comparison compare(Path baseline, Path other) throws IOException {
    return new Gate(policy.gate())
        .compare(measure(graph(baseline)), measure(graph(other)), policy.seed(), n -> {});
  }

  /** Share of the prunable weights that are zero in a model file. */
  static double sparsity(Path model) throws IOException {
    Graph graph = graph(model);
    long size = 0;
    long nonZero = 0;
    for (Parameter parameter : graph.prunable()) {
      Weights weights = graph.weights(parameter);
      size += weights.size();
      nonZero += weights.nonZero();
    }
    return 1 - (double) nonZero / (double) size;
  }

  private Measurement measure(Graph graph) throws IOException {
    DataLimits limits = DataLimits.ofThisProcess(test.getParent());
    try (Dataset data = Dataset.read(test, graph, null, network.preprocess(), limits);
        OnnxSession session = OnnxSession.open(graph, 1, n -> {})) {
      Head head = Head.of(graph);
      Yardstick yardstick =
          Yardstick.of(
              policy.gate().metric(), data.task(), head, Math.toIntExact(head.declaredWidth()));
      int[] samples = Split.of(data, policy.seed()).verdict();
      Meter meter = yardstick.meter(samples.length);
      session.measure(data, List.of(meter), samples);
      return meter.measurement();
    }
  }

  private static Graph graph(Path model) throws IOException {
    return FormatDetector.open(model, null, FormatLimits.defaults()).graph();
  }
}
