package dev.espalier.engine.report;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.espalier.contract.ByProduct;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@code report.json}: the judged outcome, indented, keys in the contract's order. */
public final class ReportFile {
  private ReportFile() {}

  /**
   * Writes the report as JSON, as a page and as a model card, and where a model was accepted the
   * statement of where it comes from; the same outcome gives the same bytes on every platform.
   * Files are named without their directory: the report lies beside them wherever they are taken.
   *
   * @param training SHA-256 of the training data; absent when there were none
   */
  public static void write(EngineOutcome.Judged outcome, @Nullable Sha256 training, Path directory)
      throws IOException {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
    String json = ContractJson.mapper().writer(printer).writeValueAsString(named(outcome)) + "\n";
    Files.write(directory.resolve(ByProduct.DATA.file()), json.getBytes(StandardCharsets.UTF_8));
    Page page = Page.of(named(outcome), training);
    for (Templates template : Templates.values()) {
      template.write(page, directory);
    }
    Attestation.write(named(outcome), training, directory);
  }

  private static EngineOutcome.Judged named(EngineOutcome.Judged outcome) {
    ModelResult.Output output = outcome.output();
    return new EngineOutcome.Judged(
        outcome.input().at(name(outcome.input().uri())),
        output == null
            ? null
            : output.at(
                name(output.uri()),
                output.archive() == null ? null : name(output.archive().uri()),
                output.onnx() == null ? null : name(output.onnx().uri())),
        outcome.policy(),
        outcome.result(),
        outcome.gate(),
        outcome.latency(),
        outcome.memory(),
        outcome.engine(),
        outcome.phases(),
        outcome.resumedFrom(),
        outcome.sensitivity());
  }

  private static String name(String uri) {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }
}
