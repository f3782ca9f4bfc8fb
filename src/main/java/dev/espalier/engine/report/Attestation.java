package dev.espalier.engine.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.contract.ByProduct;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome.Judged;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a pruned model comes from, as an in-toto statement (in-toto Attestation Framework,
 * Statement v1) with SLSA's provenance (SLSA 1.0, Provenance v1): the files made, from which model
 * and data, by which policy and version. It is not signed: whoever deploys signs what he trusts.
 */
final class Attestation {
  private static final String BUILD_TYPE = "https://espalier.dev/attestations/pruning/v1";

  private Attestation() {}

  /** Writes the statement about an accepted model; nothing without one. */
  static void write(Judged outcome, @Nullable Sha256 training, Path directory) throws IOException {
    ModelResult.Output output = outcome.output();
    if (output == null) {
      return;
    }
    ObjectNode statement = ContractJson.mapper().createObjectNode();
    statement.put("_type", "https://in-toto.io/Statement/v1");
    ArrayNode subjects = statement.putArray("subject");
    resource(subjects, output.uri(), output.sha256());
    if (output.archive() != null) {
      resource(subjects, output.archive().uri(), output.archive().sha256());
    }
    if (output.onnx() != null) {
      resource(subjects, output.onnx().uri(), output.onnx().sha256());
    }
    statement.put("predicateType", "https://slsa.dev/provenance/v1");
    ObjectNode predicate = statement.putObject("predicate");
    ObjectNode definition = predicate.putObject("buildDefinition");
    definition.put("buildType", BUILD_TYPE);
    definition
        .putObject("externalParameters")
        .set("policy", ContractJson.mapper().valueToTree(outcome.policy()));
    ArrayNode inputs = definition.putArray("resolvedDependencies");
    resource(inputs, outcome.input().uri(), outcome.input().sha256());
    if (outcome.gate() != null) {
      resource(inputs, "validation data", outcome.gate().evaluationSet().sha256());
    }
    if (training != null) {
      resource(inputs, "training data", training);
    }
    ObjectNode builder = predicate.putObject("runDetails").putObject("builder");
    builder.put("id", "https://espalier.dev/engine");
    ObjectNode versions = builder.putObject("version").put("espalier", outcome.engine().version());
    if (outcome.engine().libraries() != null) {
      outcome.engine().libraries().forEach(versions::put);
    }
    String text =
        ContractJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(statement);
    Files.write(
        directory.resolve(ByProduct.ATTESTATION.file()),
        (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void resource(ArrayNode list, String name, @Nullable Sha256 digest) {
    ObjectNode resource = list.addObject().put("name", name);
    if (digest != null) {
      resource.putObject("digest").put("sha256", digest.hex());
    }
  }
}
