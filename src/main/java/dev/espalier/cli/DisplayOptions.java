package dev.espalier.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a command shows and where: results on standard output, all else on standard error. */
final class DisplayOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  static final String JSON = "--json";

  @Option(names = JSON, description = "Print exactly one JSON document on standard output.")
  private boolean json;

  @Option(names = "--quiet", description = "Show no progress.")
  private boolean quiet;

  ProgressDisplay progress() {
    return ProgressDisplay.of(quiet, command.commandLine().getErr());
  }

  /** Prints a result: {@code document} for programs, or {@code text} for people. */
  void print(JsonNode document, String text) {
    command.commandLine().getOut().println(json ? written(document) : text);
  }

  /** Prints why an engine gave no result, and returns the exit code that says so. */
  int printEnd(EngineOutcome outcome) {
    if (outcome instanceof EngineOutcome.Refused refused) {
      printReason(refused.reason());
      return ExitCode.REFUSED;
    }
    if (outcome instanceof EngineOutcome.Failed failed) {
      printReason(failed.reason());
    } else if (outcome instanceof EngineOutcome.Hindered hindered) {
      printReason(hindered.reason());
    } else {
      printReason(new Reason(ReasonCode.ENGINE_CRASHED, "the engine answered another question"));
    }
    return ExitCode.FAILURE;
  }

  /** Programs that read JSON get the reason as their document. */
  private void printReason(Reason reason) {
    printReason(command.commandLine(), json, reason);
  }

  /** The same where a command was given up before it had its options' values. */
  static void printReason(CommandLine command, boolean json, Reason reason) {
    command.getErr().println("espalier: " + reason);
    if (json) {
      JsonNode document =
          ContractJson.mapper()
              .createObjectNode()
              .set("reason", ContractJson.mapper().valueToTree(reason));
      command.getOut().println(written(document));
    }
  }

  /** The one line on standard error about what went wrong. */
  void complain(Reason reason) {
    command.commandLine().getErr().println("espalier: " + reason);
  }

  private static String written(JsonNode document) {
    try {
      return ContractJson.mapper().writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}
