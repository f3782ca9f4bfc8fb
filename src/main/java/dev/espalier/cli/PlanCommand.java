package dev.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobPlan;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Task;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code espalier plan}: what {@code prune} would do and cost; writes nothing. */
@Command(
    name = "plan",
    description = "Says what pruning would do and cost; writes nothing.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  @Mixin private DataFiles files = new DataFiles();

  @Option(
      names = "--policy",
      required = true,
      paramLabel = "NAME|FILE",
      order = 3,
      description = "A built-in policy such as gradual-90, or a YAML or JSON file.")
  private String policyArgument = "";

  @Option(
      names = "--task",
      paramLabel = "T",
      order = 4,
      description = "What the model predicts, inferred from 'y' when absent.")
  private @Nullable Task task;

  @Mixin private DisplayOptions display = new DisplayOptions();
  @Mixin private EngineOptions engine = new EngineOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Policy policy = PolicyArgument.read(policyArgument);
    try (LocalEngine local = new LocalEngine()) {
      JobSpec spec = LocalJob.plan(files, task, policy, engine.threads(), local.workDirectory());
      EngineOutcome outcome;
      try (ProgressDisplay progress = display.progress()) {
        outcome = local.run(spec, engine.limits(policy.budget().maxDuration()), progress);
      }
      if (outcome instanceof EngineOutcome.Planned planned) {
        display.print(document(planned.plan()), PlanText.of(planned.plan()));
        return ExitCode.DONE;
      }
      return display.printEnd(outcome);
    }
  }

  private static ObjectNode document(JobPlan plan) {
    return ContractJson.mapper().valueToTree(plan);
  }
}
