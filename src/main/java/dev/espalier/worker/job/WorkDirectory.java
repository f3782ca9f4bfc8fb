package dev.espalier.worker.job;

import dev.espalier.contract.JobId;
import dev.espalier.worker.config.WorkerConfig;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The configured scratch directory: one worker's at a time, swept of what a killed one left. */
@Singleton
public class WorkDirectory {
  private static final String LOCK = ".lock";

  /** A job's id and the suffix of a temporary directory. */
  private static final String WORKSPACE = "[a-z2-7]{26}-\\d+";

  private final Path root;
  private @Nullable FileLock lock;

  WorkDirectory(WorkerConfig config) {
    this.root = config.workDirectory().toAbsolutePath();
  }

  /**
   * Takes the directory for this process and deletes workspaces that a killed one left in it;
   * nothing else in it is touched.
   *
   * @throws IllegalStateException when another worker uses it
   * @throws IOException when it cannot be used
   */
  public void claim() throws IOException {
    Files.createDirectories(root);
    FileChannel channel =
        FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    lock = tryLock(channel);
    if (lock == null) {
      channel.close();
      throw new IllegalStateException(
          "espalier.work-directory is used by another worker: " + root + "; give each its own");
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(root)) {
      for (Path directory : left) {
        if (directory.getFileName().toString().matches(WORKSPACE)) {
          new Workspace(directory).close();
        }
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** A new, empty workspace for a run of a job. */
  Workspace open(JobId job) throws IOException {
    return Workspace.below(root, job.value());
  }
}
