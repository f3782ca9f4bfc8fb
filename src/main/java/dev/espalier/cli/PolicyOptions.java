package dev.espalier.cli;

import dev.espalier.contract.Policy;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a model is pruned and what it predicts. */
final class PolicyOptions {
  @Option(
      names = "--policy",
      required = true,
      paramLabel = "NAME|FILE",
      order = 3,
      description = "A built-in policy such as gradual-90, or a YAML or JSON file.")
  private String policy = "";

  @Option(
      names = "--task",
      paramLabel = "T",
      order = 6,
      description = "What the model predicts, inferred from 'y' when absent.")
  private @Nullable Task task;

  /**
   * The policy.
   *
   * @throws Refusal when there is none of that name, or it asks for what cannot be done
   */
  Policy policy() throws IOException {
    return PolicyArgument.read(policy);
  }

  @Nullable Task task() {
    return task;
  }
}
