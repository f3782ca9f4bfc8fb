package dev.espalier.cli;

import dev.espalier.contract.BuildVersion;
import dev.espalier.contract.ByProduct;
import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.EngineUsed;
import dev.espalier.contract.FileCopy;
import dev.espalier.contract.JobId;
import dev.espalier.contract.Links;
import dev.espalier.contract.ModelResult;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * The result of a local job, with the addresses of the user's files in place of the engine's.
 *
 * @param inputs what was worked on
 * @param id the job
 * @param started when
 */
record LocalResult(PruneInputs inputs, JobId id, Instant started) {
  /** The seed reported where no engine has drawn anything: that of the policies' schema. */
  private static final long DEFAULT_SEED = 42;

  /** Takes the engine's files over into {@code out} and tells what came of the job. */
  ModelResult of(EngineOutcome outcome, Path engineOutput, OutputDirectory out) throws IOException {
    if (outcome instanceof EngineOutcome.Judged judged) {
      return judged(judged, engineOutput, out);
    }
    if (outcome instanceof EngineOutcome.Refused refused) {
      return refused(refused.reason());
    }
    if (outcome instanceof EngineOutcome.Failed failed) {
      return withoutOutcome(Verdict.FAILED, failed.reason());
    }
    if (outcome instanceof EngineOutcome.Hindered hindered) {
      return withoutOutcome(Verdict.FAILED, hindered.reason());
    }
    return withoutOutcome(
        Verdict.FAILED,
        new Reason(ReasonCode.ENGINE_CRASHED, "the engine answered another question"));
  }

  /** The model, its data or its policy cannot be worked on. */
  ModelResult refused(Reason reason) throws IOException {
    return withoutOutcome(Verdict.REFUSED, reason);
  }

  private ModelResult judged(EngineOutcome.Judged judged, Path engineOutput, OutputDirectory out)
      throws IOException {
    out.removeResults();
    ModelResult.Output output = null;
    if (judged.output() != null) {
      Path file =
          out.take(engineOutput.resolve(OutputDirectory.modelName(judged.output().format())));
      String onnx =
          judged.output().onnx() == null
              ? null
              : uri(out.take(engineOutput.resolve(FileCopy.ONNX)));
      String archive =
          judged.output().archive() == null
              ? null
              : uri(out.take(engineOutput.resolve(FileCopy.ARCHIVE)));
      output = judged.output().at(uri(file), archive, onnx);
    }
    Map<ByProduct, String> byProducts = new EnumMap<>(ByProduct.class);
    for (ByProduct byProduct : ByProduct.values()) {
      Path file = engineOutput.resolve(byProduct.file());
      if (Files.exists(file)) {
        byProducts.put(byProduct, uri(out.take(file)));
      }
    }
    return new ModelResult(
        job(),
        judged.input().at(uri(inputs.model())),
        output,
        judged.policy(),
        judged.result(),
        judged.gate() == null ? null : judged.gate().on(uri(inputs.data())),
        judged.latency(),
        judged.memory(),
        judged.engine(),
        new ModelResult.Timing(null, started, Instant.now(), judged.phases()),
        null,
        Links.of(byProducts));
  }

  private ModelResult withoutOutcome(Verdict verdict, Reason reason) throws IOException {
    return new ModelResult(
        job(),
        new ModelResult.Input(
            uri(inputs.model()),
            PruneInputs.digest(inputs.model()),
            null,
            Files.size(inputs.model())),
        null,
        null,
        ModelResult.Result.of(verdict, reason),
        null,
        null,
        null,
        new EngineUsed(BuildVersion.current(), DEFAULT_SEED),
        new ModelResult.Timing(null, started, Instant.now(), Map.of()),
        null,
        null);
  }

  private ModelResult.Job job() {
    return new ModelResult.Job(id.value(), 1, null, null);
  }

  private static String uri(Path file) {
    return file.toUri().toASCIIString();
  }
}
