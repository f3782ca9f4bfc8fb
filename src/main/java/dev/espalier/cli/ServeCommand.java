package dev.espalier.cli;

import dev.espalier.worker.WorkerApplication;
import io.quarkus.runtime.Quarkus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code espalier serve}: the worker. */
@Command(
    name = "serve",
    description = "Runs the worker: prunes what model-trained events announce. The default.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  /** Boots the container; its end is the process's end, with the worker's exit code. */
  @Override
  public Integer call() {
    if (!WorkerSettings.exist()) {
      throw new ParameterException(spec.commandLine(), WorkerSettings.NEEDED);
    }
    return serve();
  }

  static Integer serve() {
    Quarkus.run(WorkerApplication.class);
    return ExitCode.DONE;
  }
}
