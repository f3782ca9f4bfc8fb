package dev.espalier.worker.job;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Reason;
import dev.espalier.contract.Verdict;
import java.time.Instant;
import java.util.Map;

/**
 * Where a job is. A transition is a method of the states that allow it, so a result cannot be made
 * out of order: {@code pruned} is reached by way of a self-check that passed, and no other way.
 *
 * <pre>
 * Admitted ─▶ Fetched ─▶ Attempting ─▶ Accepted ─▶ Concluded
 *    │           │  ▲        │  │  └───▶ Declined ──▶ │
 *    └───────────┴──┼────────┼──┴─────────────────────┘  refused, failed, stopped
 *                   └────────┘  the engine died: another attempt
 * </pre>
 */
sealed interface JobState {

  /**
   * Nothing is known but the event.
   *
   * @param running what this worker's other threads know of it
   * @param started when this worker took it up
   * @param version of this program
   */
  record Admitted(RunningJob running, Instant started, String version) implements JobState {
    Job job() {
      return running.job();
    }

    Fetched fetched(Policy policy, Inputs inputs) {
      return new Fetched(this, policy, inputs);
    }

    Concluded refused(Reason reason, Instant finished) {
      return new Concluded(
          Results.withoutOutcome(this, new Attempt(1, null), Verdict.REFUSED, reason, finished));
    }

    Concluded failed(Reason reason, int attempts, Instant finished) {
      Attempt last = new Attempt(Math.max(1, attempts), null);
      return new Concluded(Results.withoutOutcome(this, last, Verdict.FAILED, reason, finished));
    }

    /** It was asked to end. */
    Concluded stopped(Stop stop, Instant finished) {
      Attempt last = new Attempt(Math.max(1, running.claim().attempt()), null);
      return new Concluded(
          Results.withoutOutcome(this, last, stop.verdict(), stop.reason(), finished));
    }
  }

  /** The policy is chosen and the files are here. */
  record Fetched(Admitted admitted, Policy policy, Inputs inputs) implements JobState {
    Attempting attempting(Attempt attempt) {
      return new Attempting(this, attempt);
    }
  }

  /** An engine is at it. */
  record Attempting(Fetched fetched, Attempt attempt) implements JobState {
    Job job() {
      return fetched.admitted().job();
    }

    Concluded refused(Reason reason, Instant finished) {
      return new Concluded(
          Results.withoutOutcome(fetched.admitted(), attempt, Verdict.REFUSED, reason, finished));
    }

    Concluded failed(Reason reason, Instant finished) {
      return new Concluded(
          Results.withoutOutcome(fetched.admitted(), attempt, Verdict.FAILED, reason, finished));
    }

    /** Its gate accepted the model, which was then pushed. */
    Accepted accepted(
        EngineOutcome.Judged outcome, ModelResult.Output output, Artifacts.Pushed pushed) {
      return new Accepted(this, outcome, output, pushed);
    }

    /** Its gate did not accept the model. */
    Declined declined(EngineOutcome.Judged outcome, Artifacts.Pushed pushed) {
      return new Declined(this, outcome, pushed);
    }
  }

  /** A pruned model is in the store. */
  record Accepted(
      Attempting attempting,
      EngineOutcome.Judged outcome,
      ModelResult.Output output,
      Artifacts.Pushed pushed)
      implements JobState {

    /**
     * What was pushed is what was judged.
     *
     * @param proof made by the self-check alone
     */
    Concluded verified(SelfCheck.Passed proof, Map<String, Double> phases, Instant finished) {
      return new Concluded(
          Results.judged(attempting, outcome, proof.output(), pushed, phases, finished));
    }
  }

  /** There is a judgement and no model. */
  record Declined(Attempting attempting, EngineOutcome.Judged outcome, Artifacts.Pushed pushed)
      implements JobState {
    Concluded concluded(Map<String, Double> phases, Instant finished) {
      return new Concluded(Results.judged(attempting, outcome, null, pushed, phases, finished));
    }
  }

  /** The one result. */
  record Concluded(ModelResult result) implements JobState {}
}
