package dev.espalier.cli;

import dev.espalier.isolation.EngineArchive;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code espalier prepare}: run by the build, and by an image's build at its final place. */
@Command(
    name = "prepare",
    hidden = true,
    description = "Makes engines of this installation start sooner.",
    mixinStandardHelpOptions = true)
final class PrepareCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException, InterruptedException {
    try (LocalEngine local = new LocalEngine()) {
      EngineArchive.make(local.workDirectory());
    }
    return ExitCode.DONE;
  }
}
