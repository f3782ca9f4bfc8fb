package dev.espalier.engine;

import dev.espalier.contract.JobSpec;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.contract.Task;
import dev.espalier.engine.data.DataLimits;
import dev.espalier.engine.data.Dataset;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.SourceModel;
import dev.espalier.engine.format.detection.FormatDetector;
import dev.espalier.engine.graph.Graph;
import dev.espalier.engine.infer.OnnxSession;
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
 * @param classes number of classes the model tells apart
 */
record Inputs(SourceModel model, Dataset validation, @Nullable Dataset trainingData, int classes) {
  /** Longest time for the first forward pass of a single sample. */
  private static final Duration PROBE = Duration.ofSeconds(60);

  /**
   * Reads what a job names, and runs one sample through the model.
   *
   * @throws Refusal when the model or the data cannot be worked on
   */
  static Inputs load(JobSpec spec, Monitor monitor) throws IOException {
    if (spec.task() != null && spec.task() != Task.CLASSIFICATION) {
      throw new Refusal(
          ReasonCode.POLICY_NOT_SUPPORTED,
          "task '" + spec.task().wire() + "' is not supported; use classification");
    }
    SourceModel model = model(spec);
    Graph graph = model.graph();
    DataLimits limits = DataLimits.ofThisProcess();
    Dataset validation =
        Dataset.read(required(spec.validation(), "validation"), graph, spec.preprocess(), limits);
    Path trainingFile = spec.training();
    Dataset training =
        trainingFile == null ? null : Dataset.read(trainingFile, graph, spec.preprocess(), limits);
    try (OnnxSession session = OnnxSession.open(graph, spec.threads(), monitor::worked)) {
      int classes = session.probe(validation, PROBE);
      validation.requireClassesBelow(classes);
      if (training != null) {
        training.requireClassesBelow(classes);
      }
      return new Inputs(model, validation, training, classes);
    }
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
