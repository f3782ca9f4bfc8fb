package dev.espalier.worker.job;

import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Verdict;
import dev.espalier.worker.telemetry.WorkerMetrics;
import java.time.Duration;

/** What metrics keep of a result. */
record JobMeasures(ModelResult result) {

  static JobMeasures of(ModelResult result) {
    return new JobMeasures(result);
  }

  void recordIn(WorkerMetrics metrics) {
    Verdict verdict = result.result().verdict();
    ModelResult.Timing timing = result.timing();
    metrics.jobEnded(verdict, Duration.between(timing.started(), timing.finished()));
    ModelResult.Gate gate = result.gate();
    if (gate == null) {
      return;
    }
    metrics.gateDecided(verdict);
    ModelResult.Output output = result.output();
    Double sparsity = result.result().sparsity();
    Long bytes = result.input().bytes();
    if (output != null && sparsity != null && bytes != null) {
      metrics.modelPruned(sparsity, gate.drop(), (double) output.bytesZstd() / bytes);
    }
  }
}
