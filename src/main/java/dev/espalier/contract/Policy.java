package dev.espalier.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An effective pruning policy: every field set, defaults filled in. The JSON and YAML form, its
 * defaults and its ranges are {@code schemas/policy/v1.json}; {@link PolicyReader} applies them and
 * refuses, by name, what this version does not do.
 *
 * @param name the policy's name
 * @param criterion how weights are scored; the lowest scores go first
 * @param fallback further criteria, tried in this order when the one before does not succeed
 * @param scope whether scores are compared across the model or within each layer
 * @param granularity what is removed as one
 * @param target where the schedule ends
 * @param sign for {@code gradient-sign}: the sign of the gradient that makes a weight a candidate
 * @param schedule how the target is approached
 * @param exclude regular expressions (RE2 syntax) found in the names of layers to leave alone
 * @param overrides caps for layers whose names match
 * @param roundTo for filters: those kept of a group are a multiple of this, at least 1
 * @param minimumKept smallest fraction of weights kept in every layer, in [0, 1)
 * @param gradientSamples for criteria that use gradients or the inputs of layers: samples that
 *     these are taken from, at least 1
 * @param recover fine-tuning after each step
 * @param quantize form in which weights are stored
 * @param gate conditions of acceptance
 * @param search whether and how to look for the highest sparsity that passes
 * @param budget limits of the job
 * @param seed seed of every random choice
 */
public record Policy(
    String name,
    Criterion criterion,
    List<Criterion> fallback,
    Scope scope,
    Granularity granularity,
    Target target,
    Sign sign,
    Schedule schedule,
    List<String> exclude,
    List<LayerOverride> overrides,
    @JsonProperty("round-to") int roundTo,
    @JsonProperty("minimum-kept") double minimumKept,
    @JsonProperty("gradient-samples") int gradientSamples,
    Recover recover,
    Quantize quantize,
    Gate gate,
    Search search,
    Budget budget,
    long seed) {

  /** Scores; the names are the literature's. */
  public enum Criterion {
    @JsonProperty("magnitude")
    MAGNITUDE,
    @JsonProperty("gradient-sign")
    GRADIENT_SIGN,
    @JsonProperty("taylor-signed")
    TAYLOR_SIGNED,
    @JsonProperty("taylor")
    TAYLOR,
    @JsonProperty("snip")
    SNIP,
    @JsonProperty("movement")
    MOVEMENT,
    @JsonProperty("lamp")
    LAMP,
    @JsonProperty("wanda")
    WANDA,
    @JsonProperty("obs")
    OBS,
    @JsonProperty("filter-l1")
    FILTER_L1,
    @JsonProperty("filter-l2")
    FILTER_L2,
    @JsonProperty("batch-norm-scale")
    BATCH_NORM_SCALE,
    @JsonProperty("geometric-median")
    GEOMETRIC_MEDIAN,
    @JsonProperty("random")
    RANDOM;

    /** The name on the wire. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Sign of a gradient. */
  public enum Sign {
    @JsonProperty("positive")
    POSITIVE,
    @JsonProperty("negative")
    NEGATIVE,
    @JsonProperty("any")
    ANY
  }

  /** Where scores are compared. */
  public enum Scope {
    @JsonProperty("global")
    GLOBAL,
    @JsonProperty("layer")
    LAYER,
    @JsonProperty("erk")
    ERK
  }

  /** Form in which weights are stored after pruning. */
  public enum Quantize {
    @JsonProperty("none")
    NONE,
    @JsonProperty("int8")
    INT8,
    @JsonProperty("codebook")
    CODEBOOK
  }

  /**
   * Where the schedule ends: exactly one of the two is set.
   *
   * @param sparsity fraction of the prunable weights to remove, in [0, 1)
   * @param delete number of weights to remove
   */
  public record Target(@Nullable Double sparsity, @Nullable Long delete) {}

  /**
   * How the target is approached.
   *
   * @param kind the curve
   * @param from sparsity before the first step, in [0, 1)
   * @param steps number of steps, at least 1; always 1 for {@code one-shot} and the number of
   *     values for {@code explicit}
   * @param values for {@code explicit} the sparsity after each step, ascending; empty otherwise
   */
  public record Schedule(
      Kind kind,
      double from,
      int steps,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Double> values) {
    /** Copies the values, which decide the number of steps where there are any. */
    public Schedule {
      values = values == null ? List.of() : List.copyOf(values);
      steps = values.isEmpty() ? steps : values.size();
    }

    /** A schedule that is a curve. */
    public Schedule(Kind kind, double from, int steps) {
      this(kind, from, steps, List.of());
    }

    /** Curves from {@code from} to the target. */
    public enum Kind {
      @JsonProperty("one-shot")
      ONE_SHOT,
      @JsonProperty("linear")
      LINEAR,
      @JsonProperty("cubic")
      CUBIC,
      @JsonProperty("exponential")
      EXPONENTIAL,
      @JsonProperty("geometric")
      GEOMETRIC,
      @JsonProperty("explicit")
      EXPLICIT
    }
  }

  /**
   * A cap for some layers.
   *
   * @param layers regular expression (RE2 syntax) found in layer names
   * @param maxSparsity highest sparsity of each matching layer, in [0, 1)
   */
  public record LayerOverride(String layers, @JsonProperty("max-sparsity") double maxSparsity) {}

  /**
   * Masked fine-tuning after each step.
   *
   * @param epochs passes over the training data per step, 0 for none
   * @param optimizer update rule
   * @param learningRate first step size, in (0, 1]
   * @param learningRateSchedule how the step size changes within the epochs of a step
   * @param momentum for {@code sgd}, in [0, 1)
   * @param weightDecay for {@code adamw}: share of each kept weight, times the step size, that an
   *     update takes away, in [0, 1]
   * @param clipNorm largest Euclidean norm of an update's gradient; null for no bound
   * @param batch samples per update
   * @param distill distillation from the model as it came; null for none
   * @param recalibrateBatchNorm whether running statistics are measured again after the updates
   * @param earlyStop epochs without a better metric on the search half that end a step's recovery;
   *     null to train them all
   */
  public record Recover(
      int epochs,
      Optimizer optimizer,
      @JsonProperty("learning-rate") double learningRate,
      @JsonProperty("learning-rate-schedule") LearningRateSchedule learningRateSchedule,
      double momentum,
      @JsonProperty("weight-decay") double weightDecay,
      @JsonProperty("clip-norm") @Nullable Double clipNorm,
      int batch,
      @Nullable Distill distill,
      @JsonProperty("recalibrate-batch-norm") boolean recalibrateBatchNorm,
      @JsonProperty("early-stop") @Nullable Integer earlyStop) {
    /** Update rules. */
    public enum Optimizer {
      @JsonProperty("adam")
      ADAM,
      @JsonProperty("adamw")
      ADAMW,
      @JsonProperty("sgd")
      SGD
    }

    /** How a step size changes. */
    public enum LearningRateSchedule {
      @JsonProperty("constant")
      CONSTANT,
      @JsonProperty("cosine")
      COSINE,
      @JsonProperty("step")
      STEP
    }

    /**
     * Distillation.
     *
     * @param temperature what both models' logits are divided by, in (0, 100]
     * @param weight α, the share of the distillation term in the loss, in [0, 1]
     */
    public record Distill(double temperature, double weight) {}
  }

  /**
   * Conditions of acceptance.
   *
   * @param metric the metric compared
   * @param maxDrop tolerance: the largest acceptable drop of the metric, in [0, 1)
   * @param dropType whether the tolerance is in the metric's unit or a fraction of the baseline
   * @param confidence one-sided confidence of the bound, in [0.5, 1)
   * @param perClassMaxDrop largest acceptable drop of a class's recall, in [0, 1); null for no
   *     condition
   * @param minSizeReduction smallest fraction of zstd-compressed bytes saved, in [0, 1)
   * @param minSpeedup smallest ratio of median latency before to after; null for the granularity's
   *     own: 1 for filters, none otherwise
   */
  public record Gate(
      Metric metric,
      @JsonProperty("max-drop") double maxDrop,
      @JsonProperty("drop-type") DropType dropType,
      double confidence,
      @JsonProperty("per-class-max-drop") @Nullable Double perClassMaxDrop,
      @JsonProperty("min-size-reduction") double minSizeReduction,
      @JsonProperty("min-speedup") @Nullable Double minSpeedup) {
    /** What a tolerance is measured in. */
    public enum DropType {
      @JsonProperty("absolute")
      ABSOLUTE,
      @JsonProperty("relative")
      RELATIVE;

      /** The name on the wire. */
      public String wire() {
        return name().toLowerCase(Locale.ROOT);
      }
    }
  }

  /**
   * Search for the highest sparsity that passes, instead of the schedule's fixed end.
   *
   * @param enabled whether to search
   * @param resolution width of the last bracket, as a fraction of the prunable weights
   * @param maxTrials most sparsities tried after the schedule's, per criterion
   */
  public record Search(
      boolean enabled, double resolution, @JsonProperty("max-trials") int maxTrials) {}

  /**
   * Limits of the job.
   *
   * @param maxDuration longest time the engine may take
   */
  public record Budget(@JsonProperty("max-duration") Duration maxDuration) {}
}
