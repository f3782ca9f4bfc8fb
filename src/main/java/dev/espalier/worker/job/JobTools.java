package dev.espalier.worker.job;

import dev.espalier.worker.config.WorkerConfig;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/** What {@link JobRunner} works with. */
@Singleton
record JobTools(
    PolicyCatalog policies,
    InputFetcher inputs,
    Checkpoints checkpoints,
    Attempts attempts,
    AttemptRunner attemptRunner,
    ResultEvents events,
    WorkerConfig config) {

  /** Where scratch directories go. */
  Path workDirectory() {
    return config.workDirectory();
  }
}
