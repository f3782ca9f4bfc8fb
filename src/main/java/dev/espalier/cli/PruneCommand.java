package dev.espalier.cli;

import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.PolicyDigest;
import dev.espalier.contract.Refusal;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code espalier prune}: the worker's job on local files. */
@Command(
    name = "prune",
    description = "Prunes a model and accepts the result only if the gate passes.",
    mixinStandardHelpOptions = true)
final class PruneCommand implements Callable<Integer> {
  @Mixin private PruneInputs inputs = new PruneInputs();

  @Mixin private PolicyOptions asked = new PolicyOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      order = 4,
      converter = OutputDirectory.Converter.class,
      description = "Where model and report go: a new or empty directory.")
  @SuppressWarnings("NullAway.Init")
  private OutputDirectory out;

  @Option(
      names = "--force",
      order = 5,
      description = "Write into a directory that is not empty, over files of the same names.")
  private boolean force;

  @Mixin private DisplayOptions display = new DisplayOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!force && !out.isFree()) {
      throw new CommandLine.ParameterException(
          command.commandLine(),
          "--out: '" + out.directory() + "' is not empty; name another directory or add --force");
    }
    if (out.wouldReplace(inputs.model())) {
      throw new CommandLine.ParameterException(
          command.commandLine(),
          "--out: the result would take the place of the model itself; name another directory");
    }
    Instant started = Instant.now();
    ModelResult result = run(started);
    display.print(ContractJson.mapper().valueToTree(result), PruneText.of(result));
    if (result.result().reason() != null) {
      display.complain(result.result().reason());
    }
    return ExitCode.of(result.result().verdict());
  }

  private ModelResult run(Instant started) throws IOException, InterruptedException {
    Policy policy;
    try {
      policy = asked.policy();
    } catch (Refusal e) {
      return new LocalResult(inputs, inputs.jobId("none"), started).refused(e.reason());
    }
    LocalResult result =
        new LocalResult(inputs, inputs.jobId(PolicyDigest.of(policy).hex()), started);
    try (LocalEngine local = new LocalEngine()) {
      JobSpec spec =
          LocalJob.prune(inputs, asked.task(), policy, engine.threads(), local.workDirectory());
      EngineOutcome outcome;
      try (ProgressDisplay progress = display.progress()) {
        outcome = local.run(spec, engine.limits(policy.budget().maxDuration()), progress);
      }
      return result.of(outcome, local.workDirectory().resolve(JobSpec.OUTPUT), out);
    }
  }
}
