package dev.espalier.engine;

import dev.espalier.contract.Latency;
import dev.espalier.contract.Policy;
import dev.espalier.engine.gate.Gate;
import dev.espalier.engine.gate.RatioOfMedians;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.infer.Macs;
import dev.espalier.engine.infer.Pace;
import dev.espalier.engine.infer.PeakMemory;
import dev.espalier.engine.infer.Timings;
import dev.espalier.engine.infer.ValueShapes;
import dev.espalier.engine.report.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What running a model costs, on the machine and with the threads of the job.
 *
 * @param inputs the model as it came, and data to run it on
 * @param policy confidence, seed, and whether a speed-up is a condition
 * @param threads compute threads
 * @param monitor told of the work
 */
record RunCost(Inputs inputs, Policy policy, int threads, Monitor monitor) {
  /** The engine's memory, as it is started with. */
  private static final String LIMIT = "org.bytedeco.javacpp.maxphysicalbytes";

  /** A model that a process can be seen to hold. */
  private static final long SMALLEST = 1L << 20;

  /** A process without a model. */
  private static final long PROCESS = 256L << 20;

  /** Versions of the weights while a model is loaded: its file, its tensors and packed ones. */
  private static final long COPIES = 4;

  /** Longest time for a measurement that nothing depends on. */
  private static final double CAP_SECONDS = 30;

  /** The same as a share of what is left of the job's time. */
  private static final double SHARE = 0.1;

  /** Multiply-accumulates per sample; empty when ONNX Runtime does not tell all sizes. */
  Optional<Macs> macs(Graph graph) {
    return Macs.of(graph, ValueShapes.of(graph, inputs.validation(), threads));
  }

  /**
   * Latency of what users run now with what they would run.
   *
   * @param confidence of the bound of their ratio, in [0.5, 1)
   * @return empty when it cannot be measured; where a speed-up is a condition that is only when
   *     ONNX Runtime runs one of the two no more
   */
  Optional<Latency> latency(Graph deployed, double confidence) {
    boolean required = Gate.minSpeedup(policy).isPresent();
    Pace pace = new Pace(required, Math.min(CAP_SECONDS, SHARE * monitor.secondsLeft()));
    return Timings.measure(
            inputs.model().graph(), deployed, inputs.validation(), threads, pace, monitor::worked)
        .map(timings -> summary(timings, confidence));
  }

  /**
   * Memory of inference before and after. Its processes run beside this one: where the two together
   * might not fit, or a model is so small that processes differ by as much, nothing is measured.
   *
   * @param directory for files while it lasts
   */
  Optional<PeakMemory> memory(Graph deployed, Path directory) throws IOException {
    Graph original = inputs.model().graph();
    long bytes =
        original.initializers().values().stream().mapToLong(t -> t.bytes().capacity()).sum();
    long room = Long.getLong(LIMIT, 0) - Environment.peakMemory();
    boolean sensible = bytes >= SMALLEST && PROCESS + COPIES * bytes < room;
    return sensible
        ? PeakMemory.measure(
            original, deployed, inputs.validation(), threads, directory, monitor::worked)
        : Optional.empty();
  }

  private Latency summary(Timings timings, double confidence) {
    double bound =
        RatioOfMedians.lowerBound(timings.before(), timings.after(), confidence, policy.seed());
    return new Latency(
        timings.runtime(),
        timings.batch(),
        threads,
        RatioOfMedians.quantile(timings.before(), 0.5),
        RatioOfMedians.quantile(timings.after(), 0.5),
        spread(timings.before()),
        spread(timings.after()),
        bound,
        "ms",
        timings.before().size());
  }

  private static double spread(List<Double> values) {
    return RatioOfMedians.quantile(values, 0.75) - RatioOfMedians.quantile(values, 0.25);
  }
}
