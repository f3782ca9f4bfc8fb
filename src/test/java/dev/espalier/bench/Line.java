package dev.espalier.bench;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.Latency;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Verdict;
import dev.espalier.engine.gate.Comparison;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a run: one line of {@code docs/results/*.jsonl}. Accuracies are those of the verdict
 * half of the test set.
 *
 * @param id the run's
 * @param method what made the model
 * @param target sparsity asked for
 * @param seed the run's
 * @param verdict of the engine's gate, against the model as it came; absent for peers
 * @param reason why it is not {@code pruned}
 * @param sparsity zeros among the prunable weights
 * @param baseline accuracy of the model as it came
 * @param accuracy of what was made
 * @param search accuracy on the search half after the last step, which recipes may be chosen by
 * @param upperBound of the drop from the model as it came, at the gate's confidence
 * @param control the same against the dense control
 * @param samples of the verdict half
 * @param size of parameters and files
 * @param speed arithmetic and time of a forward pass; absent where they were not measured
 * @param trials sparsity and acceptance of each step of a search
 * @param seconds wall time
 * @param policyDigest digest of the effective policy
 * @param engine version that made it
 * @param date when
 */
record Line(
    String id,
    String method,
    double target,
    int seed,
    @Nullable Verdict verdict,
    @Nullable String reason,
    @Nullable Double sparsity,
    @Nullable Double baseline,
    @Nullable Double accuracy,
    @Nullable Double search,
    @Nullable Double upperBound,
    @Nullable Control control,
    @Nullable Long samples,
    @Nullable Size size,
    @Nullable Speed speed,
    @Nullable List<Trial> trials,
    double seconds,
    @Nullable String policyDigest,
    String engine,
    LocalDate date) {

  /**
   * A comparison with the dense control.
   *
   * @param accuracy of the control
   * @param upperBound of the drop from it; absent where the engine did not keep its model
   */
  record Control(double accuracy, @Nullable Double upperBound) {
    static Control of(Comparison found) {
      return new Control(found.baseline(), found.upperBound());
    }
  }

  /**
   * Sizes before and after.
   *
   * @param parameters non-zero ones, after
   * @param bytes of the dense file
   * @param gzip bytes of the dense file through gzip
   * @param gzipAfter bytes of the file that was made through gzip
   * @param archive bytes of {@code model.sparse}
   */
  record Size(
      @Nullable Long parameters,
      long bytes,
      long gzip,
      @Nullable Long gzipAfter,
      @Nullable Long archive) {}

  /**
   * What a forward pass takes.
   *
   * @param macsBefore multiply-accumulates per sample
   * @param macsAfter the same, of what was made
   * @param before median milliseconds
   * @param after the same, of what was made
   * @param ratioBound lower confidence bound of before / after
   */
  record Speed(
      @Nullable Long macsBefore,
      @Nullable Long macsAfter,
      double before,
      double after,
      double ratioBound) {
    static @Nullable Speed of(EngineOutcome.Judged judged) {
      Latency latency = judged.latency();
      return latency == null
          ? null
          : new Speed(
              judged.result().macsBefore(),
              judged.result().macsAfter(),
              latency.before(),
              latency.after(),
              latency.ratioBound());
    }
  }

  /** A step of a search. */
  record Trial(double target, boolean accepted, @Nullable Double metric) {
    static Trial of(ModelResult.Step step) {
      return new Trial(step.target(), step.accepted(), step.metric());
    }
  }

  /** The first part of the id. */
  String group() {
    return id.substring(0, id.indexOf('/'));
  }

  /** The second part of the id. */
  String network() {
    return id.split("/", -1)[1];
  }
}
