package dev.espalier.worker.job;

import dev.espalier.contract.Latency;
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
      metrics.modelPruned(sparsity, dropRatio(gate), (double) output.bytesZstd() / bytes);
    }
    Latency latency = result.latency();
    if (output != null && latency != null && latency.before() > 0) {
      metrics.modelTimed(latency.after() / latency.before());
    }
  }

  /** The drop as a ratio: metrics that have a unit of their own, or no bound, by their baseline. */
  private static double dropRatio(ModelResult.Gate gate) {
    return switch (gate.metric()) {
      case ACCURACY, TOP_5_ACCURACY, MACRO_F1, AUC -> gate.drop();
      case LOSS, RMSE, MAE, R2 ->
          gate.drop() / Math.max(Math.abs(gate.baseline()), Double.MIN_NORMAL);
    };
  }
}
