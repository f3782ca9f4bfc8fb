package dev.espalier.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineOutcome.Inspected;
import dev.espalier.contract.JobSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code espalier inspect}: what a model file holds, and what can be done with it. */
@Command(
    name = "inspect",
    description = "Describes a model file; runs it once, on noise.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class InspectCommand implements Callable<Integer> {
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FILE",
      converter = ExistingFile.class,
      description =
          "Model file: Keras, ONNX or Deeplearning4j; the format is found from its content.")
  @SuppressWarnings("NullAway.Init")
  private Path model;

  @Mixin private DisplayOptions display = new DisplayOptions();
  @Mixin private EngineOptions engine = new EngineOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (LocalEngine local = new LocalEngine()) {
      JobSpec spec = LocalJob.inspect(model, engine.threads(), local.workDirectory());
      EngineOutcome outcome = local.run(spec, engine.limits(DEADLINE), progress -> {});
      if (outcome instanceof Inspected inspected) {
        display.print(document(inspected), InspectText.of(inspected));
        return ExitCode.DONE;
      }
      return display.printEnd(outcome);
    }
  }

  /** The outcome as the contract writes it: operators as a list, the most frequent first. */
  static ObjectNode document(Inspected inspected) {
    ObjectNode document = ContractJson.mapper().valueToTree(inspected);
    document.remove("kind");
    ArrayNode operators = document.putArray("operators");
    InspectText.byFrequency(inspected)
        .forEach(
            operator ->
                operators
                    .addObject()
                    .put("name", operator.getKey())
                    .put("count", operator.getValue()));
    return document;
  }
}
