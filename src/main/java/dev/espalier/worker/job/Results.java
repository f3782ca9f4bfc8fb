package dev.espalier.worker.job;

import dev.espalier.contract.ByProduct;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineUsed;
import dev.espalier.contract.Links;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.ModelTrained;
import dev.espalier.contract.Reason;
import dev.espalier.contract.Verdict;
import dev.espalier.worker.job.JobState.Admitted;
import dev.espalier.worker.job.JobState.Attempting;
import dev.espalier.worker.storage.S3Uri;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts results together: what the engine found, with every path of this machine replaced by the
 * address the event or the store knows.
 */
final class Results {
  /** The seed reported where no engine has drawn anything: that of the policies' schema. */
  private static final long DEFAULT_SEED = 42;

  private Results() {}

  static ModelResult withoutOutcome(
      Admitted admitted, Attempt attempt, Verdict verdict, Reason reason, Instant finished) {
    Job job = admitted.job();
    ModelTrained.Model model = job.data().model();
    return new ModelResult(
        jobPart(job, attempt),
        new ModelResult.Input(model.uri(), model.sha256(), model.format(), model.bytes()),
        null,
        null,
        ModelResult.Result.of(verdict, reason),
        null,
        null,
        null,
        new EngineUsed(admitted.version(), DEFAULT_SEED),
        new ModelResult.Timing(job.event().time(), admitted.started(), finished, Map.of()),
        lineage(job.data()),
        null);
  }

  static ModelResult judged(
      Attempting attempting,
      EngineOutcome.Judged outcome,
      ModelResult.@Nullable Output output,
      Artifacts.Pushed pushed,
      Map<String, Double> phases,
      Instant finished) {
    Job job = attempting.job();
    ModelResult.Input found = outcome.input();
    Instant started = attempting.fetched().admitted().started();
    return new ModelResult(
        jobPart(job, new Attempt(attempting.attempt().number(), outcome.resumedFrom())),
        new ModelResult.Input(
            job.data().model().uri(), found.sha256(), found.format(), found.bytes()),
        output,
        outcome.policy(),
        outcome.result(),
        outcome.gate() == null ? null : outcome.gate().on(job.data().data().validation().uri()),
        outcome.latency(),
        outcome.memory(),
        outcome.engine(),
        new ModelResult.Timing(job.event().time(), started, finished, phases),
        lineage(job.data()),
        links(pushed.byProducts()));
  }

  private static @Nullable Links links(Map<ByProduct, S3Uri> pushed) {
    Map<ByProduct, String> addresses = new EnumMap<>(ByProduct.class);
    pushed.forEach((byProduct, place) -> addresses.put(byProduct, place.toString()));
    return addresses.isEmpty() ? null : Links.of(addresses);
  }

  private static ModelResult.Job jobPart(Job job, Attempt attempt) {
    return new ModelResult.Job(
        job.id().value(), attempt.number(), attempt.resumedFrom(), job.source());
  }

  /** The model's package URL (purl-spec, type {@code generic}) and its training run. */
  private static ModelResult.Lineage lineage(ModelTrained data) {
    ModelTrained.Model model = data.model();
    String purl = "pkg:generic/" + encoded(model.name()) + "@" + encoded(model.version());
    return new ModelResult.Lineage(purl, data.run());
  }

  private static String encoded(String text) {
    return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
