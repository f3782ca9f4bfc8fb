package dev.espalier.cli;

import dev.espalier.contract.JobSpec;
import dev.espalier.contract.JobSpec.Operation;
import dev.espalier.contract.Metric;
import dev.espalier.contract.Policy;
import dev.espalier.contract.Task;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Job specifications for local files. */
final class LocalJob {
  private LocalJob() {}

  static JobSpec inspect(Path model, int threads, Path workDirectory) {
    return JobSpec.of(Operation.INSPECT, workDirectory, model, threads);
  }

  static JobSpec unpack(Path archive, int threads, Path workDirectory) {
    return JobSpec.of(Operation.UNPACK, workDirectory, archive, threads);
  }

  static JobSpec evaluate(
      ScoredFiles files,
      @Nullable Task task,
      @Nullable Metric metric,
      int threads,
      Path workDirectory) {
    return new JobSpec(
        Operation.EVALUATE,
        workDirectory,
        files.model(),
        files.data(),
        null,
        null,
        task,
        null,
        null,
        metric,
        false,
        threads);
  }

  static JobSpec plan(
      DataFiles files, @Nullable Task task, Policy policy, int threads, Path workDirectory) {
    return new JobSpec(
        Operation.PLAN,
        workDirectory,
        files.model(),
        files.data(),
        files.training(),
        null,
        task,
        null,
        policy,
        null,
        false,
        threads);
  }

  static JobSpec prune(
      PruneInputs inputs, @Nullable Task task, Policy policy, int threads, Path workDirectory) {
    return new JobSpec(
        Operation.PRUNE,
        workDirectory,
        inputs.model(),
        inputs.data(),
        inputs.training(),
        null,
        task,
        null,
        policy,
        null,
        inputs.alsoOnnx(),
        threads);
  }
}
