package dev.espalier.worker.pages;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.JobId;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Verdict;
import dev.espalier.worker.intake.WaitingEvent;
import dev.espalier.worker.job.Claim;
import dev.espalier.worker.publish.AnnouncedResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON of the interface, as {@code schemas/openapi.yaml} describes it. */
final class ApiJson {
  private ApiJson() {}

  /** All jobs. */
  record Jobs(
      Instant asOf,
      boolean complete,
      @Nullable String trouble,
      List<Running> running,
      List<Waiting> waiting,
      long unanswered,
      List<Finished> finished) {}

  /** A job that runs. */
  record Running(
      JobId id,
      String model,
      String version,
      Instant announced,
      @JsonUnwrapped Claim claim,
      boolean standingStill,
      List<RunningJob.Step> trail) {}

  /** A job that waits. */
  record Waiting(
      JobId id, String model, String version, Instant announced, ModelResult.Coordinates source) {}

  /** A job with its result. */
  record Finished(
      JobId id,
      String model,
      String version,
      Verdict verdict,
      @Nullable Reason reason,
      @Nullable Double sparsity,
      AnnouncedResult.@Nullable Test gate,
      AnnouncedResult.@Nullable Sizes sizes,
      Instant started,
      Instant finished,
      @Nullable String report) {}

  /** Why. */
  record Reason(String code, String message) {}

  /** One job. */
  record Job(
      JobId id,
      String state,
      String model,
      String version,
      @Nullable Boolean cancelling,
      @Nullable Running running,
      @Nullable Waiting waiting,
      @Nullable ModelResult result,
      @Nullable String report) {}

  /** What went wrong. */
  record Problem(String message) {}

  static String jobs(Snapshot snapshot, Optional<String> model) {
    return json(
        new Jobs(
            snapshot.asOf(),
            snapshot.complete(),
            snapshot.trouble(),
            snapshot.running().stream()
                .filter(job -> matches(model, job.event().model()))
                .map(ApiJson::running)
                .toList(),
            snapshot.waiting().stream()
                .filter(event -> matches(model, event.model()))
                .map(ApiJson::waiting)
                .toList(),
            snapshot.waitingRecords(),
            snapshot.finished().stream()
                .filter(result -> matches(model, result.model()))
                .map(ApiJson::finished)
                .toList()));
  }

  /** Without the old results: what a watcher needs to see that something changed. */
  static String event(Snapshot snapshot, int results) {
    return json(
        new Jobs(
            snapshot.asOf(),
            snapshot.complete(),
            snapshot.trouble(),
            snapshot.running().stream().map(ApiJson::running).toList(),
            List.of(),
            snapshot.waitingRecords(),
            snapshot.finished().stream().limit(results).map(ApiJson::finished).toList()));
  }

  static String job(JobLookup.Found found) {
    JobView view = found.view();
    StoredJobs.Stored stored = found.finished();
    return json(
        new Job(
            found.job(),
            stored == null ? view.state() : "finished",
            view.model(),
            view.version(),
            found.cancelling() ? true : null,
            found.running() == null ? null : running(found.running()),
            found.waiting() == null ? null : waiting(found.waiting()),
            stored == null ? null : stored.result(),
            view.hasReport() ? report(found.job()) : null));
  }

  static String cancelling(JobId job) {
    return json(new Cancelling(job, true));
  }

  /** That a job's end was asked for. */
  record Cancelling(JobId id, boolean cancelling) {}

  static String problem(String message) {
    return json(new Problem(message));
  }

  private static boolean matches(Optional<String> wanted, String model) {
    return wanted.isEmpty() || wanted.get().equals(model);
  }

  private static Running running(RunningJob job) {
    WaitingEvent event = job.event();
    return new Running(
        event.job(),
        event.model(),
        event.version(),
        event.published(),
        job.claim(),
        job.isStill(),
        job.trail());
  }

  private static Waiting waiting(WaitingEvent event) {
    return new Waiting(
        event.job(), event.model(), event.version(), event.published(), event.source());
  }

  private static Finished finished(AnnouncedResult result) {
    String message = result.message();
    return new Finished(
        result.job(),
        result.model(),
        result.version(),
        result.verdict(),
        result.reason() == null
            ? null
            : new Reason(result.reason().wire(), message == null ? "" : message),
        result.sparsity(),
        result.gate(),
        result.sizes(),
        result.started(),
        result.finished(),
        result.hasReport() ? report(result.job()) : null);
  }

  private static String report(JobId job) {
    return "/jobs/" + job + "/report";
  }

  private static String json(Object value) {
    try {
      return ContractJson.mapper().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("these are plain records", e);
    }
  }
}
