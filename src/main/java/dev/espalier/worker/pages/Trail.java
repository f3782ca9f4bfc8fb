package dev.espalier.worker.pages;

import dev.espalier.worker.job.Claim;
import java.util.ArrayList;
import java.util.List;

/** The steps of a job that were seen, in their order; a step that comes again starts from there. */
final class Trail {
  private static final int LONGEST = 256;

  private final List<RunningJob.Step> steps = new ArrayList<>();

  /** Takes the newest step of a claim, unless it is known. */
  synchronized void add(Claim claim) {
    Integer step = claim.step();
    boolean known =
        step == null || (!steps.isEmpty() && steps.get(steps.size() - 1).step() == step);
    if (known) {
      return;
    }
    steps.removeIf(earlier -> earlier.step() >= step);
    if (steps.size() < LONGEST) {
      steps.add(new RunningJob.Step(step, claim.sparsity(), claim.metric()));
    }
  }

  synchronized List<RunningJob.Step> steps() {
    return List.copyOf(steps);
  }
}
