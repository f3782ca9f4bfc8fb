package dev.espalier.cli;

import dev.espalier.contract.Granularity;
import dev.espalier.contract.ModelResult;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code prune} shows to people. */
final class PruneText {
  private PruneText() {}

  static String of(ModelResult result) {
    StringBuilder text = new StringBuilder();
    line(text, "verdict", "%s", result.result().verdict().wire());
    sparsity(text, result.result(), result.policy());
    if (result.result().recovery() != null) {
      line(text, "recovery", "left out: %s", result.result().recovery());
    }
    gate(text, result.gate());
    if (result.output() != null) {
      sizes(text, result.input(), result.output());
      line(text, "model", "%s", result.output().uri());
    }
    if (result.links() != null) {
      line(text, "report", "%s", result.links().report());
    }
    return text.toString().stripTrailing();
  }

  private static void sparsity(
      StringBuilder text, ModelResult.Result result, ModelResult.@Nullable EffectivePolicy policy) {
    if (result.sparsity() != null) {
      boolean filters = policy != null && policy.values().granularity().equals(Granularity.FILTER);
      line(
          text,
          "sparsity",
          "%.2f %% of the %s; %,d removed, %,d of %,d parameters non-zero",
          100 * result.sparsity(),
          filters ? "filters and neurons that may go" : "prunable weights",
          result.deleted(),
          result.nonZero(),
          result.parametersBefore());
      if (filters && result.macsBefore() != null && result.macsAfter() != null) {
        size(text, "macs", result.macsBefore(), result.macsAfter());
      }
    }
  }

  private static void gate(StringBuilder text, ModelResult.@Nullable Gate gate) {
    if (gate != null) {
      line(
          text,
          gate.metric().wire(),
          "%.4f before, %.4f after, on %,d samples; drop at most %.4f (%.0f %%), %s%s allowed",
          gate.baseline(),
          gate.pruned(),
          gate.samples(),
          gate.upperBound(),
          100 * gate.confidence(),
          gate.tolerance().value(),
          gate.tolerance().type().equals("relative") ? " of the first" : "");
    }
  }

  private static void sizes(
      StringBuilder text, ModelResult.Input input, ModelResult.Output output) {
    size(text, "bytes", input.bytes(), output.bytes());
    size(text, "gzip", input.bytesGzip(), output.bytesGzip());
    size(text, "zstd", input.bytesZstd(), output.bytesZstd());
    if (output.archive() != null) {
      size(text, "sparse", null, output.archive().bytes());
    }
    if (output.onnx() != null) {
      size(text, "onnx", null, output.onnx().bytes());
    }
  }

  private static void size(StringBuilder text, String name, @Nullable Long before, long after) {
    if (before == null) {
      line(text, name, "%,d", after);
    } else {
      line(text, name, "%,d before, %,d after", before, after);
    }
  }

  private static void line(StringBuilder text, String name, String format, @Nullable Object... of) {
    text.append(String.format(Locale.ROOT, "%-11s ", name))
        .append(String.format(Locale.ROOT, format, of))
        .append(System.lineSeparator());
  }
}
