package dev.espalier.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job would do and cost, found out without pruning: the document of {@code espalier plan}.
 *
 * @param format the model's
 * @param parameters of the whole model
 * @param macs multiply-accumulates per sample; absent where ONNX Runtime does not tell all sizes
 * @param task the task, declared or inferred
 * @param policy effective policy values and their digest
 * @param scope what may be removed
 * @param schedule the steps, without those of a search
 * @param recovery fine-tuning, or why there is none
 * @param criterionSamples samples the first criterion looks at in each step; absent when it looks
 *     at weights alone
 * @param samples what the halves of the validation set can show
 * @param cost of the job
 * @param memory of the job
 * @param sensitivity what removal from one layer, or group of channels, alone does to the metric
 * @param warnings what is likely to end the job otherwise than hoped for
 */
public record JobPlan(
    ModelFormat format,
    long parameters,
    @Nullable Long macs,
    Task task,
    ModelResult.EffectivePolicy policy,
    Scope scope,
    List<Step> schedule,
    Recovery recovery,
    @Nullable Long criterionSamples,
    Samples samples,
    Cost cost,
    Memory memory,
    List<Sensitivity> sensitivity,
    List<String> warnings) {

  /**
   * What may be removed.
   *
   * @param unit {@code weights} or {@code channels}
   * @param size units in scope
   * @param gone those of them that are gone in the model as it came
   * @param most that minimum-kept and overrides let go, those included
   * @param tensors one entry per prunable tensor
   */
  public record Scope(String unit, long size, long gone, long most, List<Tensor> tensors) {}

  /**
   * A tensor whose weights could be removed.
   *
   * @param name its name in the file
   * @param layer the layer it belongs to
   * @param weights number of its elements
   * @param inScope whether the policy may remove any
   */
  public record Tensor(String name, String layer, long weights, boolean inScope) {}

  /**
   * A step of the schedule.
   *
   * @param step 1-based
   * @param sparsity after it, of the units in scope
   * @param removed units gone after it
   */
  public record Step(int step, double sparsity, long removed) {}

  /**
   * Fine-tuning.
   *
   * @param samples of the training data; absent without them
   * @param epochs per step
   * @param obstacle why there is none; absent when there is
   */
  public record Recovery(@Nullable Long samples, int epochs, @Nullable String obstacle) {}

  /**
   * The validation set and what it can show.
   *
   * @param search samples that steer the job
   * @param verdict samples that the verdict is made on
   * @param baseline the gate's metric of the model as it came, on the search half
   * @param needed verdict samples without which the gate can never pass; for proportions only
   * @param advised verdict samples that give 80 % power at 6 % disagreement; likewise
   * @param smallestDrop smallest tolerance that the verdict half can ever show; likewise
   * @param likelyDrop smallest tolerance that it shows in 80 of 100 cases of a model as good as its
   *     baseline, at 6 % disagreement; likewise
   */
  public record Samples(
      long search,
      long verdict,
      double baseline,
      @Nullable Long needed,
      @Nullable Long advised,
      @Nullable Double smallestDrop,
      @Nullable Double likelyDrop) {}

  /**
   * An estimate of time, from short measurements on this machine.
   *
   * @param scoringRate samples scored per second
   * @param trainingRate samples trained per second; absent without recovery
   * @param macs multiply-accumulates of the whole schedule, a trained sample counting as three;
   *     absent where those of a sample are not known
   * @param seconds of the schedule
   * @param secondsAtMost with every trial that a search may make, under every criterion; the budget
   *     ends it earlier
   */
  public record Cost(
      double scoringRate,
      @Nullable Double trainingRate,
      @Nullable Double macs,
      double seconds,
      double secondsAtMost) {}

  /**
   * Resident memory of the engine.
   *
   * @param measuredBytes peak while the plan was made
   * @param estimatedBytes the same and what a job holds besides: versions of the parameters and,
   *     with recovery, the optimiser's state
   */
  public record Memory(long measuredBytes, long estimatedBytes) {}

  /**
   * What removal from one part of the model alone does, without recovery.
   *
   * @param part a layer, or a group of channels that are coupled
   * @param sparsity of that part
   * @param metric on samples of the search half
   * @param drop how much worse than the model as it came on the same samples
   */
  public record Sensitivity(String part, double sparsity, double metric, double drop) {}
}
