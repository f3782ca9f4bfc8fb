package dev.espalier.worker.job;

import dev.espalier.contract.JobId;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Sha256;
import dev.espalier.worker.config.WorkerConfig;
import dev.espalier.worker.storage.ObjectKeys;
import dev.espalier.worker.storage.ObjectStore;
import jakarta.inject.Singleton;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Checkpoints in the store: the newest is what an attempt goes on from. */
@Singleton
class Checkpoints {
  private static final Logger LOG = Logger.getLogger(Checkpoints.class);
  private static final int CHUNK_BYTES = 1 << 16;
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
    return steps(job).stream().findFirst();
  }

  /** Steps of all checkpoints, the newest first. */
  private List<Integer> steps(JobId job) throws IOException {
    int prefix = keys.checkpoints(job).key().length();
    return store.list(keys.checkpoints(job), MAX_LISTED).stream()
        .map(found -> found.key().substring(prefix))
        .filter(name -> name.matches("\\d{1,9}\\" + SUFFIX))
        .map(name -> Integer.parseInt(name.substring(0, name.length() - SUFFIX.length())))
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /**
   * Brings the newest checkpoint that is whole to where an engine looks for it. One that is damaged
   * costs its step, and not those before it.
   *
   * @param all whether to bring those before it as well, as a search needs for its candidates
   */
  void restore(JobId job, Path workDirectory, boolean all) throws IOException {
    Path directory = Files.createDirectories(workDirectory.resolve(JobSpec.CHECKPOINTS));
    for (int step : steps(job)) {
      Path file = directory.resolve(step + ENGINE_SUFFIX);
      store.download(keys.checkpoint(job, step), file, maxBytes);
      if (isWhole(file)) {
        if (all) {
          continue;
        }
        return;
      }
      LOG.warnf("Checkpoint damaged, trying the one before: job=%s step=%d", job, step);
      Files.delete(file);
    }
  }

  /** A checkpoint ends with the SHA-256 of all that precedes. */
  private static boolean isWhole(Path file) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    long left = Files.size(file) - digest.getDigestLength();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      byte[] chunk = new byte[CHUNK_BYTES];
      while (left > 0) {
        int count = in.readNBytes(chunk, 0, (int) Math.min(chunk.length, left));
        if (count == 0) {
          return false;
        }
        digest.update(chunk, 0, count);
        left -= count;
      }
      return left == 0 && Arrays.equals(in.readAllBytes(), digest.digest());
    }
  }

  /** Keeps a checkpoint that an engine has completed. */
  void keep(JobId job, int step, Path file) throws IOException {
    store.upload(file, keys.checkpoint(job, step));
  }
}
