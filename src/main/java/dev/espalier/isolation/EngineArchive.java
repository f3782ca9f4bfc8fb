package dev.espalier.isolation;

import dev.espalier.contract.JobSpec;
import dev.espalier.contract.JobSpec.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The engine's classes as the JVM maps them (application class-data sharing, JEP 350), beside the
 * packaged application: an engine starts some 0.3 s sooner with it. It fits one build of one JVM at
 * one place; a JVM that finds that it does not fit goes on without it.
 */
public final class EngineArchive {
  private static final String FILE = "engine.jsa";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final EngineLimits LIMITS =
      new EngineLimits(256L << 20, 2L << 30, PATIENCE, PATIENCE);

  private EngineArchive() {}

  /**
   * Makes the archive for this installation, from the classes that an engine loads which finds that
   * its model is none.
   *
   * @param workDirectory an empty directory
   * @return where it lies
   * @throws IOException when the JVM made none
   */
  public static Path make(Path workDirectory) throws IOException, InterruptedException {
    Path archive = place();
    Files.deleteIfExists(archive);
    Path noModel = Files.createFile(workDirectory.resolve("none"));
    JobSpec spec = JobSpec.of(Operation.INSPECT, workDirectory, noModel, 1);
    EngineCommand command =
        EngineCommand.ofApplication().with(List.of("-XX:ArchiveClassesAtExit=" + archive));
    try (Engines engines = new Engines(command)) {
      engines.start(spec, LIMITS, progress -> {}).await();
    }
    if (!Files.exists(archive)) {
      throw new IOException("the JVM made no class archive at " + archive);
    }
    return archive;
  }

  /** JVM options that use the archive, where there is one. */
  static List<String> options() {
    Path archive = place();
    return Files.isReadable(archive) ? List.of("-XX:SharedArchiveFile=" + archive) : List.of();
  }

  private static Path place() {
    return EngineClassPath.ownClasses().resolveSibling("..").normalize().resolve(FILE);
  }
}
