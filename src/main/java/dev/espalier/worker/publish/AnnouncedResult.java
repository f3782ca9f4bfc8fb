package dev.espalier.worker.publish;

import dev.espalier.contract.JobId;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Verdict;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a list of results needs of one: small, as many of them are kept.
 *
 * @param model name of the model
 * @param version of the model
 * @param reason code, where there is a reason
 * @param message of the reason, cut to {@link #MAX_MESSAGE_CHARS}
 * @param sparsity of the prunable weights, in [0, 1]
 * @param gate what the test said; absent when no candidate came so far
 * @param sizes absent when a size is not known
 * @param hasReport whether a report lies in the store
 */
public record AnnouncedResult(
    JobId job,
    int attempt,
    String model,
    String version,
    Verdict verdict,
    @Nullable ReasonCode reason,
    @Nullable String message,
    @Nullable Double sparsity,
    @Nullable Test gate,
    @Nullable Sizes sizes,
    Instant started,
    Instant finished,
    boolean hasReport) {
  /** The longest message kept. */
  static final int MAX_MESSAGE_CHARS = 240;

  /**
   * The gate's test, in the metric's unit.
   *
   * @param metric name of the metric
   * @param drop how much worse the pruned model is
   * @param upperBound of the drop, at the gate's confidence
   * @param allowed the largest drop
   * @param tolerance the same, as the policy states it
   */
  public record Test(
      String metric,
      double baseline,
      double pruned,
      double drop,
      double upperBound,
      double allowed,
      String tolerance) {}

  /** Bytes of the model's file before, and after through zstd. */
  public record Sizes(long before, long after, long compressed) {}

  /**
   * The line of a result.
   *
   * @throws IllegalArgumentException when its job has no valid id
   */
  static AnnouncedResult of(String model, String version, ModelResult whole) {
    ModelResult.Result result = whole.result();
    return new AnnouncedResult(
        new JobId(whole.job().id()),
        whole.job().attempt(),
        model,
        version,
        result.verdict(),
        result.reason() == null ? null : result.reason().code(),
        result.reason() == null ? null : cut(result.reason().message()),
        result.sparsity(),
        test(whole.gate()),
        sizes(whole.input(), whole.output()),
        whole.timing().started(),
        whole.timing().finished(),
        whole.links() != null && whole.links().report() != null);
  }

  private static @Nullable Test test(ModelResult.@Nullable Gate gate) {
    if (gate == null) {
      return null;
    }
    ModelResult.Tolerance tolerance = gate.tolerance();
    boolean relative = tolerance.type().equals("relative");
    return new Test(
        gate.metric().wire(),
        gate.baseline(),
        gate.pruned(),
        gate.drop(),
        gate.upperBound(),
        relative ? tolerance.value() * Math.abs(gate.baseline()) : tolerance.value(),
        tolerance.value() + " " + tolerance.type());
  }

  private static @Nullable Sizes sizes(
      ModelResult.Input input, ModelResult.@Nullable Output output) {
    return output == null || input.bytes() == null
        ? null
        : new Sizes(input.bytes(), output.bytes(), output.bytesZstd());
  }

  private static String cut(String message) {
    return message.length() <= MAX_MESSAGE_CHARS
        ? message
        : message.substring(0, MAX_MESSAGE_CHARS - 1) + "…";
  }
}
