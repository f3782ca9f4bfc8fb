package dev.espalier.cli;

import dev.espalier.contract.EngineOutcome;
import dev.espalier.contract.JobSpec;
import dev.espalier.contract.JobSpec.Operation;
import dev.espalier.isolation.EngineArchive;
import dev.espalier.isolation.EngineLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code espalier prepare}: run by the build, and by an image's build at its final place. */
@Command(
    name = "prepare",
    hidden = true,
    description = "Makes engines of this installation start sooner.",
    mixinStandardHelpOptions = true)
final class PrepareCommand implements Callable<Integer> {
  private static final EngineLimits LIMITS =
      new EngineLimits(256L << 20, 2L << 30, Duration.ofMinutes(5), Duration.ofMinutes(5));

  @Option(names = "--native", description = "Unpack the native libraries too, some 440 MB.")
  private boolean unpackNative;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (LocalEngine local = new LocalEngine()) {
      EngineArchive.make(local.workDirectory());
    }
    if (unpackNative) {
      unpack();
    }
    return ExitCode.DONE;
  }

  private static void unpack() throws IOException, InterruptedException {
    try (LocalEngine local = new LocalEngine()) {
      Path none = Files.createFile(local.workDirectory().resolve("none"));
      JobSpec spec = JobSpec.of(Operation.PREPARE, local.workDirectory(), none, 1);
      EngineOutcome outcome = local.run(spec, LIMITS, progress -> {});
      if (!(outcome instanceof EngineOutcome.Prepared)) {
        throw new IOException("the native libraries cannot be loaded: " + outcome);
      }
    }
  }
}
