package dev.espalier.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.espalier.isolation.EngineLimits;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the engine of a local run may use. */
final class EngineOptions {
  private static final Duration STALL_TIMEOUT = Duration.ofMinutes(10);
  private static final int MOST_THREADS = 256;
  private static final long LARGEST_HEAP = 4L << 30;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Compute threads; results are reproducible bit for bit with 1, the default.")
  private int threads = 1;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  /**
   * Compute threads.
   *
   * @throws CommandLine.ParameterException out of the range that the worker has as well
   */
  int threads() {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new CommandLine.ParameterException(
          command.commandLine(), "--threads: " + threads + " is not from 1 to " + MOST_THREADS);
    }
    return threads;
  }

  /** Three quarters of this machine's memory, and as long as {@code deadline}. */
  EngineLimits limits(Duration deadline) {
    long physical =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    long memory = physical / 4 * 3;
    return new EngineLimits(Math.min(LARGEST_HEAP, memory / 3), memory, STALL_TIMEOUT, deadline);
  }
}
