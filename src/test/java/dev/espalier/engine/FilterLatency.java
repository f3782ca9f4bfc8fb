package dev.espalier.engine;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Task;
import dev.espalier.contract.TestPolicies;
import dev.espalier.engine.data.Batch;
import dev.espalier.engine.data.BatchSource;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.format.onnx.OnnxSerializer;
import dev.espalier.engine.gate.RatioOfMedians;
import dev.espalier.engine.graph.DataType;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.graph.Tensor;
import dev.espalier.engine.infer.Macs;
import dev.espalier.engine.infer.Pace;
import dev.espalier.engine.infer.Timings;
import dev.espalier.engine.infer.TrialInputs;
import dev.espalier.engine.mask.Mask;
import dev.espalier.engine.scope.PruningScope;
import dev.espalier.engine.surgery.RemovalProof;
import dev.espalier.engine.train.Models;
import dev.espalier.engine.train.StaticShapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/**
 * Prints, for each kind of network, what removing half of the prunable channels of every group
 * saves: multiply-accumulates, and latency in ONNX Runtime, measured in turns. Run on the test
 * class path, on a machine that does nothing else:
 *
 * <pre>
 * ./mvnw -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test.cp
 * ORT_DISABLE_TELEMETRY=1 java -cp target/classes:target/test-classes:$(cat target/test.cp) \
 *   dev.espalier.engine.FilterLatency
 * </pre>
 */
final class FilterLatency {
  private static final FilterNetworks NETWORKS = new FilterNetworks(3, 32, 64, 10);
  private static final Policy HALF =
      TestPolicies.policy("granularity: filter, criterion: filter-l2, scope: layer");

  private FilterLatency() {}

  public static void main(String[] args) throws IOException {
    System.out.println("| network | MACs | ratio | latency, ms | ratio | of the MACs' |");
    System.out.println("|---|---|---|---|---|---|");
    measure("chain", NETWORKS.chain());
    measure("residual", NETWORKS.residual());
    measure("concatenation", NETWORKS.concatenation());
    measure("depthwise-separable", NETWORKS.separable());
    measure("perceptron with sigmoids", NETWORKS.perceptron());
  }

  private static void measure(String name, Graph graph) throws IOException {
    Graph removed = halved(graph);
    double before = macs(graph);
    double after = macs(removed);
    Timings timings =
        Timings.measure(graph, removed, new Noise(), 1, new Pace(true, 0), n -> {}).orElseThrow();
    double slow = RatioOfMedians.quantile(timings.before(), 0.5);
    double fast = RatioOfMedians.quantile(timings.after(), 0.5);
    System.out.printf(
        "| %s | %.2f M → %.2f M | %.2f | %.3f → %.3f | %.2f | %.0f %% |%n",
        name,
        before / 1e6,
        after / 1e6,
        before / after,
        slow,
        fast,
        slow / fast,
        100 * (slow / fast) / (before / after));
  }

  private static Graph halved(Graph graph) throws IOException {
    Path file = Files.createTempFile("network", ".onnx");
    try {
      Files.write(file, OnnxSerializer.serialize(graph));
      SourceModel model = FormatDetector.open(file, null, FormatLimits.defaults());
      PruningScope scope = PruningScope.of(model, model.graph(), HALF, proof(model.graph()));
      Map<String, Tensor> weights = model.graph().initializers();
      Map<String, Mask> masks =
          scope.remove(
              scope.initialMasks(),
              weights,
              HALF.criterion(),
              Map.of(),
              HALF.scope(),
              scope.size() / 2);
      return scope.without(masks, model.graph().with(Masking.apply(scope, masks, weights)));
    } finally {
      Files.delete(file);
    }
  }

  private static RemovalProof proof(Graph graph) {
    return new RemovalProof(TrialInputs.of(graph, new Noise(), 1, 0));
  }

  private static double macs(Graph graph) {
    return Macs.of(graph, StaticShapes.of(graph).shapes()).orElseThrow().total();
  }

  /** One picture of noise. */
  private record Noise() implements BatchSource {
    @Override
    public Task task() {
      return Task.CLASSIFICATION;
    }

    @Override
    public int samples() {
      return 1;
    }

    @Override
    public Batch batch(int... indices) {
      long size = NETWORKS.size();
      Tensor x = Models.normal(new Random(1), 1, indices.length, NETWORKS.planes(), size, size);
      return new Batch(Map.of("x", x), Tensor.zeros(DataType.INT64, indices.length));
    }
  }
}
