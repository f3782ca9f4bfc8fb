package dev.espalier.worker.job;

import dev.espalier.contract.JobId;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Sends an attempt's checkpoints to the store as the engine reports them, beside the thread that
 * reads the reports: a slow store must not look like a silent engine.
 */
final class CheckpointUploads implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(CheckpointUploads.class);

  private final Checkpoints checkpoints;
  private final JobId job;
  private final Path directory;
  private final ExecutorService uploads =
      new ThreadPoolExecutor(
          1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DiscardPolicy());

  CheckpointUploads(Checkpoints checkpoints, JobId job, Path workDirectory) {
    this.checkpoints = checkpoints;
    this.job = job;
    this.directory = workDirectory.resolve(JobSpec.CHECKPOINTS);
  }

  /** Queues the upload of a checkpoint. */
  void completed(Progress.CheckpointWritten written) {
    // The name comes from a process that has read a stranger's model: only a plain file below the
    // directory of checkpoints leaves this machine.
    Path file = directory.resolve(written.file()).normalize();
    if (directory.equals(file.getParent())
        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      uploads.execute(() -> upload(written.step(), file));
    }
  }

  /** Waits until what is queued has arrived; the next attempt may then go on from it. */
  void drain() throws InterruptedException {
    uploads.shutdown();
    uploads.awaitTermination(Long.MAX_VALUE, TimeUnit.SECONDS);
  }

  private void upload(int step, Path file) {
    try {
      checkpoints.keep(job, step, file);
    } catch (IOException e) {
      LOG.warnf("Checkpoint not kept: job=%s step=%d cause=%s", job, step, e.getMessage());
    }
  }

  @Override
  public void close() {
    uploads.shutdownNow();
  }
}
