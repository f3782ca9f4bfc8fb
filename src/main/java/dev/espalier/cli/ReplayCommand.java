package dev.espalier.cli;

import dev.espalier.contract.JobId;
import dev.espalier.worker.operation.Operations;
import dev.espalier.worker.operation.Replayed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code espalier replay}: announces stored results once more. */
@Command(
    name = "replay",
    description = {
      "Announces the stored results of jobs once more, byte for byte, all or none.",
      "For readers that have lost what they had. Nothing is pruned again: that takes a new event.",
      OperatorCommand.SETTINGS
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ReplayCommand extends OperatorCommand {
  @Option(
      names = "--job",
      required = true,
      arity = "1..*",
      paramLabel = "JOB",
      converter = JobIdArgument.class,
      description = "Ids of jobs, announced in this order.")
  private List<JobId> jobs = new ArrayList<>();

  @Override
  int call(Operations operations) throws IOException {
    List<Replayed> replayed = operations.replay(jobs);
    print(
        Map.of("jobs", replayed),
        replayed.stream().map(ReplayCommand::line).collect(Collectors.joining("\n")));
    List<JobId> missing =
        replayed.stream().filter(one -> one.topic() == null).map(Replayed::job).toList();
    if (missing.isEmpty()) {
      return ExitCode.DONE;
    }
    complain("without a result: " + missing);
    return ExitCode.FAILURE;
  }

  private static String line(Replayed one) {
    return one.topic() == null
        ? one.job() + ": has no result"
        : one.job() + ": announced again on " + one.topic();
  }
}
