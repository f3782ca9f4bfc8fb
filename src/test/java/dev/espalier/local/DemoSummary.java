package dev.espalier.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.local.ResultReader.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** The two results, readable. */
final class DemoSummary {
  private static final String URI_SCHEME = "s3://";

  private final JsonNode pruned;
  private final JsonNode control;
  private final Path objects;
  private final Phases phases;

  /**
   * A summary.
   *
   * @param objects the directory behind the store
   */
  DemoSummary(Result pruned, Result control, Path objects, Phases phases) {
    this.pruned = pruned.data();
    this.control = control.data();
    this.objects = objects;
    this.phases = phases;
  }

  /**
   * The summary.
   *
   * @param model the file that was pruned
   * @param weights the same model without the optimiser's state, which a pruned file leaves out
   */
  String text(byte[] model, byte[] weights) throws IOException {
    StringBuilder text = new StringBuilder();
    line(text, "verdict", pruned.at("/result/verdict").asText() + reason());
    if (!pruned.path("gate").isMissingNode()) {
      accuracy(text);
    }
    line(
        text,
        "sparsity",
        String.format(
            Locale.ROOT,
            "%.1f %% of the prunable weights, %,d of %,d parameters remain",
            100 * pruned.at("/result/sparsity").asDouble(),
            pruned.at("/result/nonZero").asLong(),
            pruned.at("/result/parametersBefore").asLong()));
    if (!pruned.path("output").isMissingNode()) {
      bytes(text, model, weights);
    }
    line(text, "demo", seconds(phases.seconds()));
    line(text, "engine", seconds(numbers(pruned.at("/timing/phases"))));
    files(text);
    return text.toString();
  }

  private String reason() {
    JsonNode reason = pruned.at("/result/reason");
    return reason.isMissingNode() ? "" : ": " + reason.path("message").asText();
  }

  private void accuracy(StringBuilder text) {
    JsonNode gate = pruned.path("gate");
    line(
        text,
        "accuracy",
        String.format(
            Locale.ROOT,
            "%.4f before, %.4f after, on the %,d images of the verdict half",
            gate.path("baseline").asDouble(),
            gate.path("pruned").asDouble(),
            gate.path("samples").asLong()));
    line(
        text,
        "drop",
        String.format(
            Locale.ROOT,
            "%+.4f, at most %+.4f with %.0f %% confidence; %.4f allowed",
            gate.path("drop").asDouble(),
            gate.path("upperBound").asDouble(),
            100 * gate.path("confidence").asDouble(),
            gate.at("/tolerance/value").asDouble()));
    line(
        text,
        "control",
        control.path("gate").isMissingNode()
            ? "none: " + control.at("/result/reason/message").asText()
            : String.format(
                Locale.ROOT,
                "%.4f on the same images: dense, with the same extra training",
                control.at("/gate/pruned").asDouble()));
  }

  private void bytes(StringBuilder text, byte[] model, byte[] weights) throws IOException {
    JsonNode output = pruned.path("output");
    line(
        text,
        "bytes",
        String.format(
            Locale.ROOT,
            "%,d before, %,d of them without the optimiser's state; %,d after, without it",
            model.length,
            weights.length,
            output.path("bytes").asLong()));
    line(
        text,
        "gzip",
        String.format(
            Locale.ROOT,
            "%,d before, %,d of them without the optimiser's state; %,d after, without it",
            gzip(model),
            gzip(weights),
            output.path("bytesGzip").asLong()));
  }

  private void files(StringBuilder text) {
    file(text, "model", "/input/uri");
    file(text, "pruned", "/output/uri");
    file(text, "report", "/links/report");
  }

  private void file(StringBuilder text, String name, String pointer) {
    String uri = pruned.at(pointer).asText();
    if (uri.startsWith(URI_SCHEME)) {
      line(text, name, objects.resolve(uri.substring(URI_SCHEME.length())).toString());
    }
  }

  private static String seconds(Map<String, Double> phases) {
    return phases.entrySet().stream()
        .map(phase -> String.format(Locale.ROOT, "%s %.1f s", phase.getKey(), phase.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static Map<String, Double> numbers(JsonNode object) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    object.properties().forEach(field -> numbers.put(field.getKey(), field.getValue().asDouble()));
    return numbers;
  }

  private static long gzip(byte[] content) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(content);
    }
    return compressed.size();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format("%-10s%s%n", name, value));
  }
}
