package dev.espalier.cli;

import dev.espalier.contract.JobId;
import dev.espalier.worker.operation.Operations;
import dev.espalier.worker.operation.Operations.Cancelled;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier cancel}: ends a job without a model. */
@Command(
    name = "cancel",
    description = {
      "Asks the worker that is at a job, or comes to it, to end it.",
      "The job's result is then 'failed' with the reason 'cancelled', unless it finishes first.",
      OperatorCommand.SETTINGS
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CancelCommand extends OperatorCommand {
  @Parameters(
      paramLabel = "JOB",
      converter = JobIdArgument.class,
      description = "The job's id: 26 characters of a-z2-7.")
  @SuppressWarnings("NullAway.Init")
  private JobId job;

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who asks, as the result will say; the user of this process when absent.")
  private String who = System.getProperty("user.name", "an operator");

  @Override
  int call(Operations operations) throws IOException {
    Cancelled answer = operations.cancel(job, who);
    String wire = answer.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    String text =
        switch (answer) {
          case REQUESTED -> job + ": cancellation requested; a running job ends within seconds";
          case REQUESTED_BEFORE -> job + ": cancellation was requested before";
          case FINISHED -> job + ": has its result, nothing is changed";
        };
    print(Map.of("job", job, "answer", wire), text);
    if (answer == Cancelled.FINISHED) {
      complain(job + " has its result, which stays");
      return ExitCode.FAILURE;
    }
    return ExitCode.DONE;
  }
}
