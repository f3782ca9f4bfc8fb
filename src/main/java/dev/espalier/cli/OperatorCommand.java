package dev.espalier.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.worker.operation.Operations;
import dev.espalier.worker.operation.OperatorSession;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command to a deployment, with the settings of its workers. */
abstract class OperatorCommand implements Callable<Integer> {
  static final String SETTINGS =
      "Needs the workers' settings of Kafka and the store, from the environment or"
          + " config/application.properties.";

  @Spec private CommandSpec command = CommandSpec.create();

  @Option(
      names = DisplayOptions.JSON,
      description = "Print exactly one JSON document on standard output.")
  private boolean json;

  @Override
  public final Integer call() throws IOException {
    check();
    if (!WorkerSettings.exist()) {
      throw usage(WorkerSettings.NEEDED);
    }
    try (OperatorSession session = OperatorSession.open()) {
      return call(session.operations());
    }
  }

  /** What can be refused before anything is connected to. */
  void check() {}

  /** Does it, and returns the exit code. */
  abstract int call(Operations operations) throws IOException;

  final ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /** Prints the answer: {@code document} for programs, or {@code text} for people. */
  final void print(Object document, String text) {
    JsonNode tree = ContractJson.mapper().valueToTree(document);
    command.commandLine().getOut().println(json ? tree.toString() : text);
  }

  /** Says on standard error what was not done. */
  final void complain(String message) {
    command.commandLine().getErr().println("espalier: " + message);
  }
}
