package dev.espalier.worker.operation;

import dev.espalier.worker.config.StartupChecks;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.Application;
import java.io.IOException;
import java.util.List;

/**
 * The worker's container without the worker, for the time of one command: same configuration, no
 * port but a free one of the loopback address, no partition taken, nothing on standard output.
 */
public final class OperatorSession implements AutoCloseable {
  private static final String APPLICATION = "io.quarkus.runner.ApplicationImpl";

  private final Application application;

  private OperatorSession(Application application) {
    this.application = application;
  }

  /**
   * Reads the configuration and makes what a command needs.
   *
   * @throws IOException when the configuration is refused, naming each property
   */
  public static OperatorSession open() throws IOException {
    // A command may run beside a worker that has these ports.
    System.setProperty("quarkus.http.host-enabled", "false");
    System.setProperty("quarkus.management.host", "127.0.0.1");
    System.setProperty("quarkus.management.port", "0");
    System.setProperty("quarkus.log.console.stderr", "true");
    System.setProperty("quarkus.log.level", "WARN");
    Application application = application();
    application.start(new String[0]);
    OperatorSession session = new OperatorSession(application);
    List<String> violations = Arc.container().instance(StartupChecks.class).get().violations();
    if (!violations.isEmpty()) {
      session.close();
      throw new IOException("configuration refused: " + String.join("; ", violations));
    }
    return session;
  }

  private static Application application() {
    try {
      return Class.forName(APPLICATION, true, Thread.currentThread().getContextClassLoader())
          .asSubclass(Application.class)
          .getConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("not a packaged application", e);
    }
  }

  /** What can be asked for. */
  public Operations operations() {
    return Arc.container().instance(Operations.class).get();
  }

  @Override
  public void close() {
    application.stop();
  }
}
