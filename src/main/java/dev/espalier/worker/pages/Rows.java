package dev.espalier.worker.pages;

import dev.espalier.contract.ReasonCode;
import dev.espalier.worker.intake.WaitingEvent;
import dev.espalier.worker.job.Claim;
import dev.espalier.worker.publish.AnnouncedResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Jobs as lines of a table, every value as text. */
final class Rows {
  private Rows() {}

  /** A name and a value. */
  record Fact(String name, String value) {}

  /**
   * A job that runs.
   *
   * @param permille of the engine's run, as a number for the bar
   * @param isStill whether nothing has been heard of it for a while
   */
  record Running(
      String id,
      String model,
      String modelHref,
      String version,
      String worker,
      String attempt,
      String stage,
      int permille,
      String percent,
      String step,
      String sparsity,
      String metric,
      boolean isStill,
      boolean isReleased,
      String updated) {}

  /** A job that waits. */
  record Waiting(
      String id,
      String model,
      String modelHref,
      String version,
      String place,
      String published,
      String age) {}

  /** A job that has its result. */
  record Finished(
      String id,
      String model,
      String modelHref,
      String version,
      String verdict,
      String reason,
      String message,
      String sparsity,
      String drop,
      String bound,
      String size,
      String finished,
      String finishedIso,
      String took,
      boolean hasReport) {}

  static Running running(RunningJob job) {
    Claim claim = job.claim();
    WaitingEvent event = job.event();
    double fraction = Math.max(0, Math.min(1, claim.fraction()));
    return new Running(
        event.job().value(),
        event.model(),
        modelHref(event.model()),
        event.version(),
        claim.worker(),
        claim.attempt() < 1 ? Text.NONE : Integer.toString(claim.attempt()),
        claim.stage(),
        (int) Math.round(1000 * fraction),
        String.format(Locale.ROOT, "%.0f %%", 100 * fraction),
        step(claim.step(), claim.steps()),
        Text.percent(claim.sparsity()),
        Text.metric(claim.metric()),
        job.isStill(),
        claim.stage().equals(Claim.RELEASED),
        Text.time(claim.updated()));
  }

  private static String step(@Nullable Integer step, @Nullable Integer steps) {
    if (step == null) {
      return Text.NONE;
    }
    return steps == null ? step.toString() : step + " of " + steps;
  }

  static Waiting waiting(WaitingEvent event, Instant now) {
    return new Waiting(
        event.job().value(),
        event.model(),
        modelHref(event.model()),
        event.version(),
        "partition %d, offset %d".formatted(event.source().partition(), event.source().offset()),
        Text.time(event.published()),
        Text.duration(Duration.between(event.published(), now)));
  }

  static Finished finished(AnnouncedResult result) {
    AnnouncedResult.Test gate = result.gate();
    AnnouncedResult.Sizes sizes = result.sizes();
    ReasonCode reason = result.reason();
    return new Finished(
        result.job().value(),
        result.model(),
        modelHref(result.model()),
        result.version(),
        result.verdict().wire(),
        reason == null ? "" : reason.wire(),
        result.message() == null ? "" : result.message(),
        Text.percent(result.sparsity()),
        gate == null ? Text.NONE : Text.drop(gate.drop()),
        gate == null ? Text.NONE : Text.drop(gate.upperBound()),
        sizes == null
            ? Text.NONE
            : Text.bytes(sizes.before()) + " → " + Text.bytes(sizes.compressed()),
        Text.time(result.finished()),
        result.finished().toString(),
        Text.duration(result.started(), result.finished()),
        result.hasReport());
  }

  static String modelHref(String model) {
    return "/models/" + Text.segment(model);
  }
}
