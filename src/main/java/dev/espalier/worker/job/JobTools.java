package dev.espalier.worker.job;

import jakarta.inject.Singleton;

/** What {@link JobRunner} works with. */
@Singleton
record JobTools(
    PolicyCatalog policies,
    InputFetcher inputs,
    Checkpoints checkpoints,
    Attempts attempts,
    AttemptRunner attemptRunner,
    ResultEvents events,
    AcceptedModels accepted,
    WorkDirectory workDirectory,
    RunningJobs running,
    JobAttendant attendant,
    OtherRuns otherRuns) {}
