package dev.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobPlan;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Policy;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code espalier plan}: what {@code prune} would do and cost; writes nothing. */
@Command(
    name = "plan",
    description = "Says what pruning would do and cost; writes nothing.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  @Mixin private DataFiles files = new DataFiles();

  @Mixin private PolicyOptions asked = new PolicyOptions();

  @Mixin private DisplayOptions display = new DisplayOptions();
  @Mixin private EngineOptions engine = new EngineOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Policy policy = asked.policy();
    try (LocalEngine local = new LocalEngine()) {
      JobSpec spec =
          LocalJob.plan(files, asked.task(), policy, engine.threads(), local.workDirectory());
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
