package dev.espalier.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an engine run ended: the content of {@code outcome.json}. No file means the engine died. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = EngineOutcome.Judged.class, name = "judged"),
  @JsonSubTypes.Type(value = EngineOutcome.Evaluated.class, name = "evaluated"),
  @JsonSubTypes.Type(value = EngineOutcome.Inspected.class, name = "inspected"),
  @JsonSubTypes.Type(value = EngineOutcome.Planned.class, name = "planned"),
  @JsonSubTypes.Type(value = EngineOutcome.Verified.class, name = "verified"),
  @JsonSubTypes.Type(value = EngineOutcome.Unpacked.class, name = "unpacked"),
  @JsonSubTypes.Type(value = EngineOutcome.Prepared.class, name = "prepared"),
  @JsonSubTypes.Type(value = EngineOutcome.Refused.class, name = "refused"),
  @JsonSubTypes.Type(value = EngineOutcome.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = EngineOutcome.Hindered.class, name = "hindered")
})
public sealed interface EngineOutcome {

  /**
   * A prune run reached its gate: verdict {@code pruned}, {@code rejected} or {@code no-benefit}.
   *
   * @param input the model as it came
   * @param output the model written below {@link JobSpec#OUTPUT}; only for {@code pruned}
   * @param policy effective policy values and their digest
   * @param result verdict, counts, layers and trajectory
   * @param gate the test that decided
   * @param latency measured before and after; absent where it was not
   * @param memory peak memory of the engine
   * @param engine version and seed
   * @param phases seconds per stage
   * @param resumedFrom step of the checkpoint the run started from; absent: from the beginning
   * @param sensitivity what removal from each part of the model alone does to the metric; absent
   *     where it was not measured
   */
  record Judged(
      ModelResult.Input input,
      ModelResult.@Nullable Output output,
      ModelResult.EffectivePolicy policy,
      ModelResult.Result result,
      ModelResult.@Nullable Gate gate,
      @Nullable Latency latency,
      Memory memory,
      EngineUsed engine,
      Map<String, Double> phases,
      @Nullable Integer resumedFrom,
      @Nullable List<JobPlan.Sensitivity> sensitivity)
      implements EngineOutcome {
    /** An outcome without a profile of sensitivities. */
    public Judged(
        ModelResult.Input input,
        ModelResult.@Nullable Output output,
        ModelResult.EffectivePolicy policy,
        ModelResult.Result result,
        ModelResult.@Nullable Gate gate,
        @Nullable Latency latency,
        Memory memory,
        EngineUsed engine,
        Map<String, Double> phases,
        @Nullable Integer resumedFrom) {
      this(input, output, policy, result, gate, latency, memory, engine, phases, resumedFrom, null);
    }
  }

  /**
   * Score of a model on a data set.
   *
   * @param metric the metric
   * @param value the metric, in its own unit
   * @param samples number of samples
   * @param correct number of samples predicted right; only for classification
   * @param perClass recall of each class, in [0, 1], null where a class has no sample; only for
   *     classification
   * @param task the task, declared or inferred
   * @param output the output scored, when the model has several
   */
  record Evaluated(
      Metric metric,
      double value,
      long samples,
      @Nullable Long correct,
      @Nullable List<@Nullable Double> perClass,
      Task task,
      @Nullable String output)
      implements EngineOutcome {}

  /**
   * What a model file holds.
   *
   * @param format detected format
   * @param producer who wrote it, as the file says
   * @param parameters number of parameters
   * @param nonZero number of parameters that are not zero
   * @param macs multiply-accumulates per sample; absent where the model leaves its sizes open
   * @param layers one entry per parameter tensor
   * @param operators ONNX operators and how often each occurs
   * @param supports what pruning can do with it
   */
  record Inspected(
      ModelFormat format,
      @Nullable String producer,
      long parameters,
      long nonZero,
      @Nullable Long macs,
      List<Layer> layers,
      Map<String, Integer> operators,
      Supports supports)
      implements EngineOutcome {

    /**
     * A parameter tensor.
     *
     * @param name its name in the file
     * @param layer the layer it belongs to, which policies' expressions match
     * @param shape its dimensions
     * @param nonZero number of elements that are not zero
     * @param prunable whether its weights may be removed
     * @param macs multiply-accumulates per sample with its weights; absent where they are not known
     *     and for tensors that nothing is multiplied by
     */
    public record Layer(
        String name,
        String layer,
        List<Long> shape,
        long nonZero,
        boolean prunable,
        @Nullable Long macs) {}

    /**
     * What pruning can do.
     *
     * @param gradients whether recovery can train it
     * @param filters whether filters can be removed
     * @param reasons why not, where not
     */
    public record Supports(boolean gradients, boolean filters, List<String> reasons) {}
  }

  /** What a job would do and cost. */
  record Planned(JobPlan plan) implements EngineOutcome {}

  /**
   * The pushed model read back, recounted and re-scored.
   *
   * @param nonZero non-zero parameters of the whole model
   * @param value the gate's metric on the verdict half
   * @param samples verdict samples
   */
  record Verified(long nonZero, double value, long samples) implements EngineOutcome {}

  /**
   * The file of a sparse archive, {@link JobSpec#UNPACKED} below {@link JobSpec#OUTPUT}.
   *
   * @param sha256 of the file, as the archive says and as was found
   * @param bytes of the file
   */
  record Unpacked(Sha256 sha256, long bytes) implements EngineOutcome {}

  /** The native libraries are unpacked and load. */
  record Prepared() implements EngineOutcome {}

  /** The input cannot be worked on. */
  record Refused(Reason reason) implements EngineOutcome {}

  /** The engine could not finish, through no fault of the input that it can tell. */
  record Failed(Reason reason) implements EngineOutcome {}

  /**
   * The machine stood in the way, a full or read-only disk: nothing was found out about the input,
   * and the same run may succeed later.
   */
  record Hindered(Reason reason) implements EngineOutcome {}
}
