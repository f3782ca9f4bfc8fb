package dev.espalier.cli;

import dev.espalier.contract.EngineOutcome.Inspected;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code inspect} shows to people. */
final class InspectText {
  private InspectText() {}

  static String of(Inspected model) {
    StringBuilder text = new StringBuilder();
    String producer = model.producer() == null ? "" : " by " + model.producer();
    line(text, "format      %s%s", model.format().wire(), producer);
    line(text, "parameters  %,d, of which %,d non-zero", model.parameters(), model.nonZero());
    if (model.macs() != null) {
      line(text, "MACs        %,d per sample", model.macs());
    }
    line(
        text,
        "operators   %s",
        byFrequency(model).stream()
            .map(operator -> operator.getKey() + " x" + operator.getValue())
            .collect(Collectors.joining(", ")));
    line(
        text,
        "recovery    %s",
        model.supports().gradients()
            ? "can be trained"
            : "cannot be trained: " + String.join("; ", model.supports().reasons()));
    text.append(System.lineSeparator());
    line(text, "%-40s %-20s %12s  %-8s %15s", "tensor", "shape", "non-zero", "prunable", "MACs");
    for (Inspected.Layer layer : model.layers()) {
      line(
          text,
          "%-40s %-20s %,12d  %-8s %15s",
          layer.name(),
          layer.shape(),
          layer.nonZero(),
          layer.prunable() ? "yes" : "no",
          layer.macs() == null ? "" : String.format(Locale.ROOT, "%,d", layer.macs()));
    }
    return text.toString().stripTrailing();
  }

  /** Operators, the most frequent first, then by name. */
  static List<Map.Entry<String, Integer>> byFrequency(Inspected model) {
    return model.operators().entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .toList();
  }

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments).stripTrailing())
        .append(System.lineSeparator());
  }
}
