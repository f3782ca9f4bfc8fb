package dev.espalier.engine;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The engine's jobs one after the other in this JVM, which then starts and warms up once. */
public final class InProcess {
  private InProcess() {}

  /** What the engine's process would leave as its outcome. */
  public static EngineOutcome run(JobSpec spec) throws IOException {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    try (Monitor monitor = new Monitor(nowhere)) {
      return EngineMain.run(spec, monitor);
    }
  }
}
