package dev.espalier.cli;

import dev.espalier.contract.BuildVersion;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code espalier}: its commands, and how their errors end. */
@Command(
    name = "espalier",
    description = "Prunes trained models and proves that they stay as good.",
    mixinStandardHelpOptions = true,
    versionProvider = CommandTree.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      PruneCommand.class,
      EvaluateCommand.class,
      InspectCommand.class,
      PlanCommand.class,
      UnpackCommand.class,
      ServeCommand.class,
      CancelCommand.class,
      ReplayCommand.class,
      RedriveCommand.class,
      PrepareCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done; for prune: the gate passed",
      "1:infrastructure, or a bug",
      "2:wrong usage",
      "3:the gate did not pass, or there is no benefit",
      "4:the model, its data or the policy was refused"
    })
final class CommandTree implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  /** The parser of this program's arguments. */
  static CommandLine commandLine() {
    return new CommandLine(new CommandTree())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(CommandTree::usageError)
        .setExecutionExceptionHandler(CommandTree::error);
  }

  /** Without a command, the program is the worker, where one is configured. */
  @Override
  public Integer call() {
    if (WorkerSettings.exist()) {
      return ServeCommand.serve();
    }
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  private static int usageError(CommandLine.ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    command.getErr().println("espalier: " + e.getMessage());
    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  private static int error(Exception e, CommandLine command, ParseResult parsed) {
    boolean json = command.getParseResult().hasMatchedOption(DisplayOptions.JSON);
    if (e instanceof Refusal refusal) {
      DisplayOptions.printReason(command, json, refusal.reason());
      return ExitCode.REFUSED;
    }
    String what = e instanceof IOException ? "input or output failed" : "internal error";
    DisplayOptions.printReason(
        command, json, new Reason(ReasonCode.ENGINE_CRASHED, what + ": " + e));
    return ExitCode.FAILURE;
  }

  /** Version for {@code --version}. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"espalier " + BuildVersion.current()};
    }
  }
}
