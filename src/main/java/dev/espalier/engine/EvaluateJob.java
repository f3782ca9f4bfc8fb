package dev.espalier.engine;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Metric;
import dev.espalier.contract.Progress;
import dev.espalier.contract.Task;
import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.metric.Meter;
import dev.espalier.engine.metric.Proportion;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Scores a model on a whole data set. */
final class EvaluateJob {
  private final JobSpec spec;
  private final Monitor monitor;

  EvaluateJob(JobSpec spec, Monitor monitor) {
    this.spec = spec;
    this.monitor = monitor;
  }

  EngineOutcome run() throws IOException {
    monitor.stage(Progress.Stage.LOAD);
    try (Inputs inputs = Inputs.load(spec, monitor)) {
      Metric metric = spec.metric() == null ? Metric.usual(inputs.task()) : spec.metric();
      return run(inputs, inputs.scorer(metric, spec.threads(), monitor));
    }
  }

  private EngineOutcome run(Inputs inputs, Scorer scorer) {
    monitor.stage(Progress.Stage.EVALUATE);
    int[] all = IntStream.range(0, inputs.validation().samples()).toArray();
    monitor.plan(all.length);
    Meter meter = scorer.yardstick().meter(all.length);
    boolean classes = inputs.task() == Task.CLASSIFICATION;
    Meter hits = classes ? scorer.yardstick().with(Metric.ACCURACY).meter(all.length) : meter;
    scorer.showSubmitted(
        inputs.model().graph(), hits == meter ? List.of(meter) : List.of(meter, hits), all);
    BitSet correct =
        classes && hits.measurement() instanceof Proportion right ? right.right() : null;
    return new EngineOutcome.Evaluated(
        scorer.yardstick().metric(),
        meter.measurement().value(),
        all.length,
        correct == null ? null : (long) correct.cardinality(),
        correct == null ? null : recalls(inputs, correct),
        inputs.task(),
        inputs.head().alone() ? null : inputs.head().output());
  }

  /** Recall of each class; null where it has no sample. */
  private static List<@Nullable Double> recalls(Inputs inputs, BitSet correct) {
    Dataset data = inputs.validation();
    int classes = Math.max(2, inputs.width());
    long[] samples = new long[classes];
    long[] hits = new long[classes];
    for (int i = 0; i < data.samples(); i++) {
      samples[data.label(i)]++;
      hits[data.label(i)] += correct.get(i) ? 1 : 0;
    }
    @Nullable Double[] recalls = new Double[classes];
    for (int c = 0; c < classes; c++) {
      recalls[c] = samples[c] == 0 ? null : (Double) ((double) hits[c] / samples[c]);
    }
    return Arrays.asList(recalls);
  }
}
