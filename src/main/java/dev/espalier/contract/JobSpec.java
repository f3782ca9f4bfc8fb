package dev.espalier.contract;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an engine is asked to do: the content of {@code job.json} in its work directory. All paths
 * are absolute. The engine writes below {@code workDirectory} only.
 *
 * @param operation what to do
 * @param workDirectory where {@code checkpoints/}, {@code output/} and {@code outcome.json} go
 * @param model the model file
 * @param validation the {@code .npz} the metric is measured on; absent for {@code inspect}
 * @param training the {@code .npz} recovery trains on; absent means no recovery
 * @param format the format the sender declared; refused when the content is another
 * @param task the task declared, inferred from the labels when absent
 * @param preprocess what to do to inputs before the model sees them
 * @param policy the effective policy; for {@code prune}, {@code plan} and {@code verify}
 * @param metric the metric of {@code evaluate}, the usual one of the task when absent
 * @param alsoOnnx whether {@code prune} writes the pruned model as ONNX too, beside its own format
 * @param threads compute threads, at least 1; results are reproducible bit for bit with 1
 * @param warmStart sparsity of the version accepted last, which a search starts from, in (0, 1)
 */
public record JobSpec(
    Operation operation,
    Path workDirectory,
    Path model,
    @Nullable Path validation,
    @Nullable Path training,
    @Nullable ModelFormat format,
    @Nullable Task task,
    @Nullable Preprocess preprocess,
    @Nullable Policy policy,
    @Nullable Metric metric,
    boolean alsoOnnx,
    int threads,
    @Nullable Double warmStart) {

  /** A specification without a warm start. */
  public JobSpec(
      Operation operation,
      Path workDirectory,
      Path model,
      @Nullable Path validation,
      @Nullable Path training,
      @Nullable ModelFormat format,
      @Nullable Task task,
      @Nullable Preprocess preprocess,
      @Nullable Policy policy,
      @Nullable Metric metric,
      boolean alsoOnnx,
      int threads) {
    this(
        operation,
        workDirectory,
        model,
        validation,
        training,
        format,
        task,
        preprocess,
        policy,
        metric,
        alsoOnnx,
        threads,
        null);
  }

  /** The same with a warm start. */
  public JobSpec withWarmStart(@Nullable Double sparsity) {
    return new JobSpec(
        operation,
        workDirectory,
        model,
        validation,
        training,
        format,
        task,
        preprocess,
        policy,
        metric,
        alsoOnnx,
        threads,
        sparsity);
  }

  /** A specification of an operation that takes a file and nothing else. */
  public static JobSpec of(Operation operation, Path workDirectory, Path model, int threads) {
    return new JobSpec(
        operation, workDirectory, model, null, null, null, null, null, null, null, false, threads);
  }

  /** Name of the file that holds the specification. */
  public static final String FILE = "job.json";

  /** Name of the file that holds the outcome; it appears by atomic rename, last of all. */
  public static final String OUTCOME_FILE = "outcome.json";

  /** Directory, below the work directory, of the checkpoints. */
  public static final String CHECKPOINTS = "checkpoints";

  /** Directory, below the work directory, of model and report. */
  public static final String OUTPUT = "output";

  /** Name, below {@link #OUTPUT}, of the file that {@code unpack} makes. */
  public static final String UNPACKED = "unpacked";

  /** What an engine can do. */
  public enum Operation {
    /** Prune, recover, gate and write the result. */
    PRUNE,
    /** Score a model on the whole data set. */
    EVALUATE,
    /** Describe a model; runs it once, on noise. */
    INSPECT,
    /** Say what pruning would do and cost. */
    PLAN,
    /** Count zeros and score the verdict half again, from the bytes that were pushed. */
    VERIFY,
    /** Make the file again that a sparse archive, named as the model, holds. */
    UNPACK,
    /** Load the native libraries, which unpacks them where that has not been done; no model. */
    PREPARE
  }

  /**
   * Affine input preprocessing, applied in float32 as {@code (x · scale − mean[c]) / std[c]}, with
   * c the channel (the axis after the batch when the model is channels-first, the last otherwise).
   *
   * @param scale factor applied first; absent means 1
   * @param mean per channel, or one for all; empty means 0
   * @param std per channel, or one for all, non-zero; empty means 1
   */
  public record Preprocess(@Nullable Double scale, List<Double> mean, List<Double> std) {
    /** Absent lists become empty. */
    public Preprocess {
      mean = mean == null ? List.of() : List.copyOf(mean);
      std = std == null ? List.of() : List.copyOf(std);
    }
  }
}
