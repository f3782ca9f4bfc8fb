package dev.espalier.worker;

import dev.espalier.worker.config.StartupChecks;
import dev.espalier.worker.intake.PollLoop;
import dev.espalier.worker.job.WorkDirectory;
import dev.espalier.worker.pages.JobEvents;
import dev.espalier.worker.storage.ExclusiveCreationProbe;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.util.List;
import org.jboss.logging.Logger;

/** The worker's life, inside the container: check, take records until told to stop, leave. */
public class WorkerApplication implements QuarkusApplication {
  private static final Logger LOG = Logger.getLogger(WorkerApplication.class);
  private static final int CANNOT_START = 1;

  private final StartupChecks checks;
  private final WorkDirectory workDirectory;
  private final Instance<ExclusiveCreationProbe> probe;
  private final Instance<PollLoop> pollLoop;
  private final Instance<JobEvents> events;

  /** Store and loop are made only after the configuration was found to be in order. */
  WorkerApplication(
      StartupChecks checks,
      WorkDirectory workDirectory,
      Instance<ExclusiveCreationProbe> probe,
      Instance<PollLoop> pollLoop,
      Instance<JobEvents> events) {
    this.checks = checks;
    this.workDirectory = workDirectory;
    this.probe = probe;
    this.pollLoop = pollLoop;
    this.events = events;
  }

  @Override
  public int run(String... arguments) throws InterruptedException {
    List<String> violations = checks.violations();
    if (!violations.isEmpty()) {
      violations.forEach(violation -> LOG.errorf("Configuration refused: %s", violation));
      return CANNOT_START;
    }
    try {
      workDirectory.claim();
      probe.get().run();
    } catch (IOException | IllegalStateException e) {
      LOG.errorf("Start refused: %s%s", e.getMessage(), cause(e));
      return CANNOT_START;
    }
    pollLoop.get().start();
    JobEvents watched = events.get();
    Quarkus.waitForExit();
    watched.stop();
    return 0;
  }

  private static String cause(Exception e) {
    return e.getCause() == null ? "" : " (" + e.getCause().getMessage() + ")";
  }
}
