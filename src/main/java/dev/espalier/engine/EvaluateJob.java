package dev.espalier.engine;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Progress;
import dev.espalier.engine.data.Dataset;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
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
    Inputs inputs = Inputs.load(spec, monitor);
    Dataset data = inputs.validation();
    monitor.stage(Progress.Stage.EVALUATE);
    monitor.plan(data.samples());
    int[] all = IntStream.range(0, data.samples()).toArray();
    BitSet correct =
        new Scorer(data, spec.threads(), monitor).correctAsSubmitted(inputs.model().graph(), all);
    Policy.Gate.Metric metric = Policy.Gate.Metric.ACCURACY;
    return new EngineOutcome.Evaluated(
        metric.name().toLowerCase(Locale.ROOT),
        (double) correct.cardinality() / all.length,
        all.length,
        correct.cardinality(),
        recalls(data, inputs.classes(), correct));
  }

  /** Recall of each class; null where it has no sample. */
  private static List<@Nullable Double> recalls(Dataset data, int classes, BitSet correct) {
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
