package dev.espalier.engine;

import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Metric;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.engine.data.DataLimits;
import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.infer.OnnxSession;
import dev.espalier.engine.metric.Head;
import dev.espalier.engine.metric.Yardstick;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A model and its data, read and found to fit each other.
 *
 * @param model the model file
 * @param validation samples the metric is measured on
 * @param trainingData samples recovery trains on; absent without them
 * @param head the output judged
 * @param width numbers per sample that the model gives
 */
record Inputs(
    SourceModel model, Dataset validation, @Nullable Dataset trainingData, Head head, int width)
    implements AutoCloseable {
  /** Longest time for the first forward pass of a single sample. */
  private static final Duration PROBE = Duration.ofSeconds(60);

  /**
   * Reads what a job names, and runs one sample through the model.
   *
   * @throws Refusal when the model or the data cannot be worked on
   */
  static Inputs load(JobSpec spec, Monitor monitor) throws IOException {
    SourceModel model = model(spec);
    DataLimits limits = DataLimits.ofThisProcess(spec.workDirectory());
    Dataset validation =
        read(required(spec.validation(), "validation"), model, spec, spec.task(), limits);
    Dataset training = null;
    try (OnnxSession session = OnnxSession.open(model.graph(), spec.threads(), monitor::worked)) {
      int width = session.probe(validation, PROBE);
      validation.requireWidth(width);
      if (spec.training() != null) {
        training = read(spec.training(), model, spec, validation.task(), limits);
        training.requireWidth(width);
      }
      return new Inputs(model, validation, training, Head.of(model.graph()), width);
    } catch (IOException | RuntimeException e) {
      close(validation, training);
      throw e;
    }
  }

  private static Dataset read(
      Path file, SourceModel model, JobSpec spec, @Nullable Task task, DataLimits limits)
      throws IOException {
    return Dataset.read(file, model.graph(), task, spec.preprocess(), limits);
  }

  private static void close(Dataset validation, @Nullable Dataset training) throws IOException {
    try (validation;
        training) {
      // Both are closed, whichever fails.
    }
  }

  /** The model's graph with the sizes that its data have where its inputs leave them open. */
  Graph sizedGraph() {
    return model.graph().sizedFor(validation.batch(0).inputs());
  }

  /** What the targets mean, declared or inferred. */
  Task task() {
    return validation.task();
  }

  /**
   * A scorer on the validation set.
   *
   * @throws Refusal {@code policy-invalid} when the metric does not fit task or model
   */
  Scorer scorer(Metric metric, int threads, Monitor monitor) {
    return new Scorer(validation, Yardstick.of(metric, task(), head, width), threads, monitor);
  }

  @Override
  public void close() throws IOException {
    close(validation, trainingData);
  }

  /** Reads the model alone. */
  static SourceModel model(JobSpec spec) throws IOException {
    return FormatDetector.open(spec.model(), spec.format(), FormatLimits.defaults());
  }

  /** A part of the specification that an operation cannot do without. */
  static <T> T required(@Nullable T part, String name) {
    if (part == null) {
      throw new IllegalArgumentException("the job specification has no " + name);
    }
    return part;
  }
}
