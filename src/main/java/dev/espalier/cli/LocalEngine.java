package dev.espalier.cli;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.Progress;
import dev.espalier.isolation.EngineLimits;
import dev.espalier.isolation.Engines;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;

/**
 * The worker's engine on local files, in a private work directory that is gone afterwards, also
 * when the program is interrupted.
 */
final class LocalEngine implements AutoCloseable {
  private final Path workDirectory;
  private final Engines engines = new Engines();
  private final Thread onInterrupt = new Thread(this::abandon, "end-engine");

  LocalEngine() throws IOException {
    // Created for this user alone.
    workDirectory = Files.createTempDirectory("espalier-").toRealPath();
    Runtime.getRuntime().addShutdownHook(onInterrupt);
  }

  Path workDirectory() {
    return workDirectory;
  }

  /** Runs the engine to its end. */
  EngineOutcome run(JobSpec spec, EngineLimits limits, Consumer<Progress> listener)
      throws IOException, InterruptedException {
    return engines.start(spec, limits, listener).await();
  }

  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    } catch (IllegalStateException e) {
      // The program is being interrupted: the hook does all this.
      return;
    }
    engines.close();
    delete();
  }

  private void abandon() {
    engines.close();
    try {
      delete();
    } catch (IOException e) {
      System.err.println("espalier: " + workDirectory + " could not be deleted: " + e);
    }
  }

  private void delete() throws IOException {
    Files.walkFileTree(
        workDirectory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path directory, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
