package dev.espalier.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Data of a {@code model-pruned} or {@code model-not-pruned} event, as {@code
 * schemas/model-result/v1.json} defines it. Parts that a verdict does not have are absent.
 */
public record ModelResult(
    Job job,
    Input input,
    @Nullable Output output,
    @Nullable EffectivePolicy policy,
    Result result,
    @Nullable Gate gate,
    @Nullable Latency latency,
    @Nullable Memory memory,
    EngineUsed engine,
    Timing timing,
    @Nullable Lineage lineage,
    @Nullable Links links) {

  /**
   * The job.
   *
   * @param id deterministic id of the job
   * @param attempt 1-based attempt that produced this result
   * @param resumedFrom step of the checkpoint that attempt started from; absent: from the beginning
   * @param source where the event was read; absent on the command line
   */
  public record Job(
      String id, int attempt, @Nullable Integer resumedFrom, @Nullable Coordinates source) {}

  /** Where a record was read. */
  public record Coordinates(String topic, int partition, long offset) {}

  /**
   * The model as it came; what was never learned is absent.
   *
   * @param bytesGzip size of the whole file through gzip, level 6; measured where there is an
   *     output
   * @param bytesZstd size of the whole file through zstd, level 3, likewise
   */
  public record Input(
      String uri,
      @Nullable Sha256 sha256,
      @Nullable ModelFormat format,
      @Nullable Long bytes,
      @Nullable Long bytesGzip,
      @Nullable Long bytesZstd) {
    /** A file that was not compressed to be measured. */
    public Input(
        String uri, @Nullable Sha256 sha256, @Nullable ModelFormat format, @Nullable Long bytes) {
      this(uri, sha256, format, bytes, null, null);
    }

    /** The same file under another address. */
    public Input at(String address) {
      return new Input(address, sha256, format, bytes, bytesGzip, bytesZstd);
    }
  }

  /**
   * The model as it was pushed.
   *
   * @param bytesGzip size of the whole file through gzip, level 6
   * @param bytesZstd size of the whole file through zstd, level 3
   * @param archive the same file without its zeros, which {@code espalier unpack} makes again
   * @param onnx the same model as ONNX, where that was asked for and is not its own format
   */
  public record Output(
      String uri,
      Sha256 sha256,
      ModelFormat format,
      long bytes,
      long bytesGzip,
      long bytesZstd,
      @Nullable FileCopy archive,
      @Nullable FileCopy onnx) {
    /** The same files under other addresses. */
    public Output at(
        String address, @Nullable String archiveAddress, @Nullable String onnxAddress) {
      return new Output(
          address,
          sha256,
          format,
          bytes,
          bytesGzip,
          bytesZstd,
          archive == null || archiveAddress == null ? null : archive.at(archiveAddress),
          onnx == null || onnxAddress == null ? null : onnx.at(onnxAddress));
    }
  }

  /**
   * Effective policy.
   *
   * @param digest SHA-256 of the canonical JSON of {@code values}
   * @param values every effective value, as in {@code schemas/policy/v1.json}; in the JSON they
   *     stand beside the digest
   */
  public record EffectivePolicy(Sha256 digest, @JsonUnwrapped Policy values) {
    /** A policy with its digest. */
    public static EffectivePolicy of(Policy values) {
      return new EffectivePolicy(PolicyDigest.of(values), values);
    }
  }

  /**
   * What came of it.
   *
   * @param sparsity zeros among the prunable weights, in [0, 1]
   * @param parametersBefore parameters of the whole model
   * @param parametersAfter the same, after
   * @param nonZero non-zero parameters of the whole model, after
   * @param deleted prunable weights removed by this job
   * @param gradientSamples samples that gradients or the inputs of layers were taken from at each
   *     step; absent where none were
   * @param macsBefore multiply-accumulates per sample of the model as it came; absent where its
   *     sizes are not known
   * @param macsAfter the same, after; zeros count, removed filters do not
   * @param task the task, declared or inferred
   * @param recovery why recovery was left out; absent when it ran
   * @param leftAlone kernels that the granularity cannot be applied to, with the reasons
   * @param layers one entry per parameter tensor
   * @param candidates what passed on the search half, by ascending sparsity
   * @param trajectory one entry per step
   */
  public record Result(
      Verdict verdict,
      @Nullable Reason reason,
      @Nullable Double sparsity,
      @Nullable Long parametersBefore,
      @Nullable Long parametersAfter,
      @Nullable Long nonZero,
      @Nullable Long deleted,
      @Nullable Long gradientSamples,
      @Nullable Long macsBefore,
      @Nullable Long macsAfter,
      @Nullable Task task,
      @Nullable String recovery,
      @Nullable List<String> leftAlone,
      @Nullable List<Layer> layers,
      @Nullable List<Candidate> candidates,
      @Nullable List<Step> trajectory) {

    /** A result that is only a verdict and its reason. */
    public static Result of(Verdict verdict, Reason reason) {
      return new Result(
          verdict, reason, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null);
    }
  }

  /**
   * A parameter tensor of the model.
   *
   * @param name its name in the file
   * @param layer the layer it belongs to
   * @param sparsity zeros in it after the job, in [0, 1]
   * @param changed what the job did to it
   */
  public record Layer(
      String name,
      String layer,
      List<Long> shapeBefore,
      List<Long> shapeAfter,
      double sparsity,
      Changed changed) {
    /** What a job did to a tensor. */
    public enum Changed {
      @JsonProperty("pruned")
      PRUNED,
      @JsonProperty("retrained")
      RETRAINED,
      @JsonProperty("statistics")
      STATISTICS,
      @JsonProperty("none")
      NONE
    }
  }

  /**
   * A step of the schedule.
   *
   * @param step 1-based
   * @param criterion what scored the weights
   * @param target sparsity that was asked for
   * @param sparsity sparsity reached
   * @param metric on the search half, after recovery
   * @param drop how much worse than the baseline the metric is, on the search half
   * @param upperBound of the drop on the search half, at the gate's confidence; only in a search
   * @param accepted whether the drop is within the tolerance: its estimate, or in a search its
   *     upper bound; and no class is known to be harmed
   * @param harmedClass the class whose recall is known to have dropped by more than {@code
   *     per-class-max-drop} on the search half, of several the one that dropped most
   * @param seconds wall time of the step
   * @param failure why there is no metric: training or scoring left the finite numbers, a removal
   *     was not proven, or a fallback criterion has nothing to look at in the model
   */
  public record Step(
      int step,
      Policy.Criterion criterion,
      double target,
      double sparsity,
      @Nullable Double metric,
      @Nullable Double drop,
      @Nullable Double upperBound,
      boolean accepted,
      @Nullable Integer harmedClass,
      double seconds,
      @Nullable String failure) {}

  /**
   * A model that passed on the search half.
   *
   * @param sparsity zeros among the prunable weights, in [0, 1]
   * @param metric on the search half
   * @param bytes of its file through zstd, level 3
   */
  public record Candidate(double sparsity, double metric, long bytes) {}

  /**
   * The test that decided, on the verdict half.
   *
   * @param drop how much worse the pruned model is, in the metric's unit
   * @param upperBound bound of the drop, in the metric's unit
   * @param agreement for metrics that are proportions
   * @param classes what became of each class's recall, when that is a condition; of very many those
   *     that dropped furthest beyond doubt
   * @param output the output judged, when the model has several
   */
  public record Gate(
      Metric metric,
      String direction,
      double baseline,
      double pruned,
      double drop,
      Tolerance tolerance,
      double upperBound,
      double confidence,
      String test,
      @Nullable Agreement agreement,
      @Nullable List<ClassDrop> classes,
      long samples,
      @Nullable String output,
      EvaluationSet evaluationSet) {
    /** The same test, with the address of the data it was decided on. */
    public Gate on(String dataAddress) {
      return new Gate(
          metric,
          direction,
          baseline,
          pruned,
          drop,
          tolerance,
          upperBound,
          confidence,
          test,
          agreement,
          classes,
          samples,
          output,
          new EvaluationSet(dataAddress, evaluationSet.sha256(), evaluationSet.split()));
    }
  }

  /** The largest acceptable drop. */
  public record Tolerance(String type, double value) {}

  /** Paired predictions: who was right on how many samples. */
  public record Agreement(long both, long onlyBaseline, long onlyPruned, long neither) {}

  /** The data the gate was decided on. */
  public record EvaluationSet(@Nullable String uri, Sha256 sha256, Split split) {}

  /** How the validation set was halved. */
  public record Split(String algorithm, long seed, String half, Sha256 indicesSha256) {}

  /**
   * When.
   *
   * @param queued the event's time
   * @param phases seconds per stage
   */
  public record Timing(
      @Nullable Instant queued, Instant started, Instant finished, Map<String, Double> phases) {}

  /** Where the model comes from: package URL and training run. */
  public record Lineage(@Nullable String purl, ModelTrained.@Nullable Run run) {}
}
