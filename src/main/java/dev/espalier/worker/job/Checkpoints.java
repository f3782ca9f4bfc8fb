package dev.espalier.worker.job;

import dev.espalier.contract.JobId;
import dev.espalier.contract.JobSpec;
import dev.espalier.worker.config.WorkerConfig;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import dev.espalier.worker.storage.S3Uri;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/** Checkpoints in the store: the newest is what an attempt goes on from. */
@Singleton
class Checkpoints {
  private static final String SUFFIX = ".ckpt";

  /** What engines call their checkpoints on disk. */
  private static final String ENGINE_SUFFIX = ".checkpoint";

  private static final int MAX_LISTED = 1_000;

  /** A checkpoint holds weights and masks: a few times the model at most. */
  private static final int SIZE_FACTOR = 4;

  private final ObjectStore store;
  private final ObjectKeys keys;
  private final long maxBytes;

  Checkpoints(ObjectStore store, ObjectKeys keys, WorkerConfig config) {
    this.store = store;
    this.keys = keys;
    this.maxBytes = SIZE_FACTOR * config.limits().modelBytes().asLongValue();
  }

  /** Step of the newest checkpoint. */
  Optional<Integer> newest(JobId job) throws IOException {
    int prefix = keys.checkpoints(job).key().length();
    return store.list(keys.checkpoints(job), MAX_LISTED).stream()
        .map(found -> found.key().substring(prefix))
        .filter(name -> name.matches("\\d{1,9}\\" + SUFFIX))
        .map(name -> Integer.parseInt(name.substring(0, name.length() - SUFFIX.length())))
        .max(Comparator.naturalOrder());
  }

  /** Brings the checkpoint of a step to where an engine looks for it. */
  void restore(JobId job, int step, Path workDirectory) throws IOException {
    Path directory = Files.createDirectories(workDirectory.resolve(JobSpec.CHECKPOINTS));
    S3Uri checkpoint = keys.checkpoint(job, step);
    store.download(checkpoint, directory.resolve(step + ENGINE_SUFFIX), maxBytes);
  }

  /** Keeps a checkpoint that an engine has completed. */
  void keep(JobId job, int step, Path file) throws IOException {
    store.upload(file, keys.checkpoint(job, step));
  }
}
