package dev.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineOutcome.Evaluated;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Metric;
import dev.espalier.contract.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code espalier evaluate}: the score of a model on a data set. */
@Command(
    name = "evaluate",
    description = "Scores a model on a data set.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class EvaluateCommand implements Callable<Integer> {
  private static final Duration DEADLINE = Duration.ofHours(2);

  @Mixin private ScoredFiles files = new ScoredFiles();

  @Option(
      names = "--metric",
      paramLabel = "M",
      converter = MetricName.class,
      completionCandidates = MetricName.class,
      description =
          "What to measure: ${COMPLETION-CANDIDATES}; accuracy when absent, rmse for regression.")
  private @Nullable Metric metric;

  @Option(
      names = "--task",
      paramLabel = "T",
      description = "What the model predicts, inferred from 'y' when absent.")
  private @Nullable Task task;

  @Mixin private DisplayOptions display = new DisplayOptions();
  @Mixin private EngineOptions engine = new EngineOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (LocalEngine local = new LocalEngine()) {
      JobSpec spec =
          LocalJob.evaluate(files, task, metric, engine.threads(), local.workDirectory());
      EngineOutcome outcome;
      try (ProgressDisplay progress = display.progress()) {
        outcome = local.run(spec, engine.limits(DEADLINE), progress);
      }
      if (outcome instanceof Evaluated evaluated) {
        display.print(document(evaluated), text(evaluated));
        return ExitCode.DONE;
      }
      return display.printEnd(outcome);
    }
  }

  private static ObjectNode document(Evaluated evaluated) {
    ObjectNode document = ContractJson.mapper().valueToTree(evaluated);
    document.remove("kind");
    return document;
  }

  private static String text(Evaluated evaluated) {
    String score =
        String.format(Locale.ROOT, "%s %.6g", evaluated.metric().wire(), evaluated.value());
    return evaluated.correct() == null
        ? String.format(Locale.ROOT, "%s (%,d samples)", score, evaluated.samples())
        : String.format(
            Locale.ROOT, "%s (%,d of %,d right)", score, evaluated.correct(), evaluated.samples());
  }
}
