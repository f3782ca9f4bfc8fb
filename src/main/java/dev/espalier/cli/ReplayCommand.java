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
    List<JobId> outdated = replayed.stream().filter(Replayed::outdated).map(Replayed::job).toList();
    if (!outdated.isEmpty()) {
      complain(
          "a later version of the model was accepted after "
              + outdated
              + "; readers that take the"
              + " last event for the newest model have gone back: announce the newest as well");
    }
    List<JobId> missing = jobs(replayed, Replayed.State.NO_RESULT);
    List<JobId> early = jobs(replayed, Replayed.State.NOT_ANNOUNCED_YET);
    if (!missing.isEmpty()) {
      complain("without a result: " + missing);
    }
    if (!early.isEmpty()) {
      complain("not announced yet, left to the workers: " + early);
    }
    return missing.isEmpty() && early.isEmpty() ? ExitCode.DONE : ExitCode.FAILURE;
  }

  private static List<JobId> jobs(List<Replayed> replayed, Replayed.State state) {
    return replayed.stream().filter(one -> one.state() == state).map(Replayed::job).toList();
  }

  private static String line(Replayed one) {
    return switch (one.state()) {
      case ANNOUNCED -> one.job() + ": announced again on " + one.topic();
      case NOT_ANNOUNCED_YET -> one.job() + ": is not announced yet";
      case NO_RESULT -> one.job() + ": has no result";
    };
  }
}
