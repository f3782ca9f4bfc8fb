package dev.espalier.worker.pages;

import dev.espalier.worker.intake.WaitingEvent;
import dev.espalier.worker.job.Claim;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job that some worker is at.
 *
 * @param event what it was announced by
 * @param claim what its worker says
 * @param isStill whether that has not changed for a minute, as seen from here
 * @param trail the steps that were seen, in their order
 */
record RunningJob(WaitingEvent event, Claim claim, boolean isStill, List<Step> trail) {
  /** A finished step. */
  record Step(int step, @Nullable Double sparsity, @Nullable Double metric) {}
}
