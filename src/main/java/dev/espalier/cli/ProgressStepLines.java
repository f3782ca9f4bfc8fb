package dev.espalier.cli;

import dev.espalier.contract.Progress;
import java.io.PrintWriter;
import java.util.Locale;

/** One line for each step of the schedule, for logs and pipes. */
final class ProgressStepLines implements ProgressDisplay {
  private final PrintWriter err;

  ProgressStepLines(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void accept(Progress progress) {
    if (progress instanceof Progress.StepFinished step) {
      err.println(describe(step));
      err.flush();
    }
  }

  /** For example {@code step 3/8: sparsity 71.0 %, metric 0.8612}. */
  static String describe(Progress.StepFinished step) {
    Double metric = step.metric();
    return String.format(
        Locale.ROOT,
        "step %d/%d: sparsity %.1f %%, %s",
        step.step(),
        step.steps(),
        100 * step.sparsity(),
        metric == null ? "failed" : String.format(Locale.ROOT, "metric %.4f", metric));
  }

  @Override
  public void close() {}
}
